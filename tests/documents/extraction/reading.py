"""Reads bytes as the extraction process would, without a database."""

import tempfile
from pathlib import Path

from documents.extracted_text import ExtractedText, SourceFile
from documents.extraction.formats import FORMATS
from documents.extraction.parsers import parse_file


def read(data: bytes | str, name: str, content_type: str = "") -> ExtractedText:
    """What is extracted of a file; raises its IngestError. Checks what holds for every text."""
    data = data.encode() if isinstance(data, str) else data
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "original"
        path.write_bytes(data)
        file = SourceFile(path, name, content_type)
        found = parse_file(file, 1_000_000, tuple(FORMATS.values()))
    place = 0
    for block in found.blocks:
        assert place <= block.start < block.end <= len(found.text)
        place = block.end
        assert all(block.start <= c.start < c.end <= block.end for c in block.cells)
    assert all(0 <= mark.start < mark.end <= len(found.text) for mark in found.marks)
    return found


def shown(found: ExtractedText) -> list[tuple[str, str]]:
    """Kind and text of each block."""
    return [(block.kind, found.text[block.start : block.end]) for block in found.blocks]


def rows(found: ExtractedText, block: int = 0) -> list[list[str]]:
    """The cells of a table block, row by row."""
    grid: dict[int, list[str]] = {}
    for cell in found.blocks[block].cells:
        grid.setdefault(cell.row, []).append(found.text[cell.start : cell.end])
    return list(grid.values())
