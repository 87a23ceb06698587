"""Files inside a file, as a part of its text under their names."""

import logging
import tempfile
from contextvars import ContextVar
from pathlib import Path

from documents.errors import IngestError
from documents.extracted_text import BlockKind, ExtractedText, SourceFile
from documents.extraction.text_builder import TextBuilder

LONGEST_TEXT = 1 << 30
# Files inside files inside a file are read, and no deeper: some hold themselves.
MOST_NESTED = 3
_nested: ContextVar[int] = ContextVar("nested", default=0)

log = logging.getLogger(__name__)


def append_attachment(
    builder: TextBuilder, name: str, data: bytes, *, content_type: str = "", level: int = 1
) -> None:
    """Append the text of a file under its name as heading; nothing if it has none."""
    found = _text_of(name, content_type, data)
    if found is None or not found.text.strip():
        return
    builder.block("heading", name or content_type, level=level)
    builder.extend(found if found.blocks else _with_blocks(found), deeper=level)


def _text_of(name: str, content_type: str, data: bytes) -> ExtractedText | None:
    from documents.extraction.formats import FORMATS
    from documents.extraction.parsers import parse_file

    if not data or _nested.get() >= MOST_NESTED:
        return None
    token = _nested.set(_nested.get() + 1)
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        try:
            source = SourceFile(Path(file.name), name, content_type)
            return parse_file(source, LONGEST_TEXT, tuple(FORMATS.values()))
        except MemoryError:
            raise
        except IngestError as error:
            log.info("The attachment %s has no text: %s", name, error)
        except Exception:
            log.exception("Reading the attachment %s failed", name)
        finally:
            _nested.reset(token)
        return None


def _with_blocks(found: ExtractedText) -> TextBuilder:
    """The text of a reader that names no blocks, as paragraphs."""
    builder = TextBuilder()
    levels = {heading.start: heading.level for heading in found.headings}
    at = 0
    for paragraph in found.text.split("\n\n"):
        kind: BlockKind = "heading" if at in levels else "paragraph"
        builder.block(kind, paragraph, level=levels.get(at, 0))
        at += len(paragraph) + 2
    return builder
