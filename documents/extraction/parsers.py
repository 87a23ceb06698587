"""Reading one file: runs in a process of its own, and so imports neither Django nor torch."""

import logging
from collections.abc import Sequence

from documents.errors import Failure, IngestError
from documents.extracted_text import ExtractedText, ParsedFile, SourceFile
from documents.extraction import zip_bombs
from documents.extraction.detector import detect_format
from documents.extraction.formats import Format
from documents.extraction.readers.recognition import can_recognise

log = logging.getLogger(__name__)


def parse_files(
    files: Sequence[SourceFile], most: int, formats: Sequence[Format]
) -> list[ParsedFile]:
    """What `parse_file` returns or raises for each; one that nobody thought of harms only itself.

    Raises MemoryError, after which the process is of no use.
    """
    found: list[ParsedFile] = []
    for file in files:
        try:
            found.append(ParsedFile(text=parse_file(file, most, formats)))
        except IngestError as error:
            found.append(ParsedFile(failure=Failure.of(error)))
        except MemoryError:
            raise
        except Exception:
            log.exception("Reading %s failed", file.path)
            fault = IngestError("internal_error", permanent=False)
            found.append(ParsedFile(failure=Failure.of(fault)))
    return found


def parse_file(file: SourceFile, most: int, formats: Sequence[Format]) -> ExtractedText:
    """Text, pages and headings of a file of one of `formats`, at most `most` characters.

    Raises IngestError, permanent.
    """
    if not file.path.is_file():
        raise IngestError("original_missing")
    file_format = detect_format(file.path, file.name, file.content_type, formats)
    if file_format.is_text and file.path.stat().st_size > 4 * most:
        raise IngestError("text_too_long", characters=most)
    if file_format.is_zip:
        zip_bombs.check_zip(file.path)
    found = file_format.read(file.path)
    if len(found.text) > most:
        raise IngestError("text_too_long", characters=most)
    if not found.text.strip():
        may_be_scan = file_format.is_scannable and not can_recognise()
        raise IngestError("no_text_in_scan" if may_be_scan else "no_text")
    return found
