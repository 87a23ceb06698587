"""Plain text, source code and logs: the text as it is written, with its parts beside it."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from documents.extracted_text import Block, BlockKind, ExtractedText
from documents.extraction.text_encoding import clean_text, decode_text

if TYPE_CHECKING:
    from documents.extraction.formats import Format

EMPTY_LINES = re.compile(r"\n[^\S\n]*\n\s*")


def read_text(path: Path, file_format: "Format") -> ExtractedText:
    """Paragraphs are what empty lines part."""
    text = clean_text(decode_text(path.read_bytes()))
    borders = [(match.start(), match.end()) for match in EMPTY_LINES.finditer(text)]
    starts = [0, *(end for _, end in borders)]
    ends = [*(start for start, _ in borders), len(text)]
    return ExtractedText(text=text, blocks=list(_blocks("paragraph", text, starts, ends)))


def read_code(path: Path, file_format: "Format") -> ExtractedText:
    """One block of code, however it goes on."""
    text = clean_text(decode_text(path.read_bytes()))
    return ExtractedText(text=text, blocks=list(_blocks("code", text, [0], [len(text)])))


def _blocks(
    kind: BlockKind, text: str, starts: Sequence[int], ends: Sequence[int]
) -> Iterator[Block]:
    """The stretches that hold text, without white space around."""
    for start, end in zip(starts, ends, strict=True):
        part = text[start:end]
        first, last = start + len(part) - len(part.lstrip()), start + len(part.rstrip())
        if first < last:
            yield Block(kind, first, last)
