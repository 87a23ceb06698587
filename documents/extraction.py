"""Extraction in a process of its own, so that no file can take the worker down."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from documents.errors import IngestError
from documents.extracted import Extracted, File
from documents.isolated import Child, ChildDied
from documents.reading import read_all
from documents.types import FORMATS

# A large file may take minutes: it has a child of its own, so that no small one waits behind it.
LARGE = 1024**2
_children = {large: Child(memory=3 * 1024**3) for large in (False, True)}

# Small files of one batch; where they take longer, each has its own time.
SECONDS_TOGETHER = 30


def extract(path: Path, filename: str, mime: str = "") -> Extracted:
    """Text, pages and headings of the file at `path`, whose kind its content tells.

    Raises IngestError with a message for the document's owner.
    """
    [found] = extract_all([File(path, filename, mime)])
    if isinstance(found, IngestError):
        raise found
    return found


def extract_all(files: Iterable[File]) -> list[Extracted | IngestError]:
    """As `extract` for each in order, with errors in the place of texts."""
    files = list(files)
    if not files:
        return []
    seconds = settings.EXTRACTION_TIMEOUT_S
    if len(files) > 1:
        seconds = min(seconds, SECONDS_TOGETHER)
    child = _children[any(_size(file.path) > LARGE for file in files)]
    try:
        return child.run(
            read_all, files, settings.MAX_TEXT_CHARS, tuple(FORMATS.values()), seconds=seconds
        )
    except TimeoutError:
        problem = IngestError("extraction_timeout", seconds=seconds)
    except ChildDied:
        problem = IngestError("extraction_crashed")
    if len(files) > 1:  # one of them is to blame: each by itself
        return [found for file in files for found in extract_all([file])]
    return [problem]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # which its reader says
        return 0
