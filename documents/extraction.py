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

TOO_LONG = "Reading the file took longer than {} seconds, so it was given up. Split it into parts."
TOO_MUCH = (
    "The file could not be read: it needs too much memory or is damaged. "
    "Split it into parts, or save it anew and upload it again."
)
# Small files of one batch; where they take longer, each has its own time.
SECONDS_TOGETHER = 30


def extract(path: Path, filename: str, mime: str = "") -> Extracted:
    """Text, pages and headings of the file at `path`, whose kind its content tells.

    Raises IngestError with a sentence for the document's owner.
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
    seconds = settings.EXTRACT_SECONDS
    if len(files) > 1:
        seconds = min(seconds, SECONDS_TOGETHER)
    child = _children[any(_size(file.path) > LARGE for file in files)]
    try:
        return child.run(
            read_all, files, settings.MAX_TEXT_CHARS, tuple(FORMATS.values()), seconds=seconds
        )
    except TimeoutError:
        problem = TOO_LONG.format(seconds)
    except ChildDied:
        problem = TOO_MUCH
    if len(files) > 1:  # one of them is to blame: each by itself
        return [found for file in files for found in extract_all([file])]
    return [IngestError(problem)]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # which its reader says
        return 0
