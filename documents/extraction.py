"""Extraction in a process of its own, so that no file can take the worker down."""

from pathlib import Path

from django.conf import settings

from documents.errors import IngestError
from documents.extracted import Extracted
from documents.isolated import Child, ChildDied
from documents.reading import read

_child = Child(memory=3 * 1024**3)

TOO_LONG = "Reading the file took longer than {} seconds, so it was given up. Split it into parts."
TOO_MUCH = (
    "The file could not be read: it needs too much memory or is damaged. "
    "Split it into parts, or save it anew and upload it again."
)
GONE = "The original file is no longer in the store. Upload it again."


def extract(path: Path, filename: str, mime: str = "") -> Extracted:
    """Text, pages and headings of the file at `path`, whose kind its content tells.

    Raises IngestError with a sentence for the document's owner.
    """
    if not path.is_file():
        raise IngestError(GONE)
    try:
        return _child.run(
            read, path, filename, mime, settings.MAX_TEXT_CHARS, seconds=settings.EXTRACT_SECONDS
        )
    except TimeoutError as error:
        raise IngestError(TOO_LONG.format(settings.EXTRACT_SECONDS)) from error
    except ChildDied as error:
        raise IngestError(TOO_MUCH) from error
