"""Jupyter notebooks: the cells in order, and what they put out as text."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from documents.errors import IngestError
from documents.extracted_text import ExtractedText
from documents.extraction.readers.web.markdown import add_markdown
from documents.extraction.text_builder import TextBuilder
from documents.extraction.text_encoding import decode_text

if TYPE_CHECKING:
    from documents.extraction.formats import Format


def read_notebook(path: Path, file_format: "Format") -> ExtractedText:
    """Raises IngestError, permanent."""
    builder = TextBuilder()
    try:
        book = json.loads(decode_text(path.read_bytes()))
        language = str(book.get("metadata", {}).get("kernelspec", {}).get("language", ""))
        for cell in _cells(book):
            source = _joined(cell.get("source"))
            if cell.get("cell_type") == "markdown":
                add_markdown(builder, source)
                continue
            builder.block("code", source, label=language if cell["cell_type"] == "code" else "")
            for output in cell.get("outputs") or ():
                builder.block("code", _output(output), label="output")
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError) as error:
        raise IngestError("damaged_file") from error
    found = builder.extracted()
    return replace(found, title=found.headings[0].title if found.headings else "")


def _cells(book: Any) -> Iterator[dict[str, Any]]:
    """The cells; in the third version of the format they stand in sheets."""
    yield from book.get("cells") or ()
    for sheet in book.get("worksheets") or ():
        for cell in sheet.get("cells") or ():
            yield {**cell, "source": cell.get("source", cell.get("input"))}


def _joined(lines: Any) -> str:
    return "".join(map(str, lines)) if isinstance(lines, list) else str(lines or "")


def _output(output: dict[str, Any]) -> str:
    """What an output shows as text; of errors, their sentence."""
    if output.get("output_type") == "error":
        return f"{output.get('ename', '')}: {output.get('evalue', '')}"
    data = output.get("data") or {}
    return _joined(output.get("text") or data.get("text/plain") or data.get("text/markdown"))
