"""Extraction in a process of its own: no file can crash the worker."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from documents.errors import IngestError
from documents.extracted_text import ExtractedText, SourceFile
from documents.extraction.formats import FORMATS
from documents.extraction.parsers import parse_files
from documents.sandbox import SandboxedWorker, WorkerCrashed

# A large file may take minutes: it has a child of its own, so that no small one waits behind it.
LARGE_FILE = 1024**2
_children = {large: SandboxedWorker(memory=3 * 1024**3) for large in (False, True)}

# The limit for a batch of small files; after a timeout each gets its own time.
SECONDS_TOGETHER = 30


def extract_files(files: Iterable[SourceFile]) -> list[ExtractedText | IngestError]:
    """For each file, in order, its extracted text or the error for its owner."""
    files = list(files)
    if not files:
        return []
    seconds = settings.EXTRACTION_TIMEOUT_S
    if len(files) > 1:
        seconds = min(seconds, SECONDS_TOGETHER)
    child = _children[any(_size(file.path) > LARGE_FILE for file in files)]
    try:
        return child.run(
            parse_files, files, settings.MAX_TEXT_CHARS, tuple(FORMATS.values()), seconds=seconds
        )
    except TimeoutError:
        problem = IngestError("extraction_timeout", seconds=seconds)
    except WorkerCrashed:
        problem = IngestError("extraction_crashed")
    if len(files) > 1:  # one of them failed: extract each alone
        return [found for file in files for found in extract_files([file])]
    return [problem]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # its reader reports it
        return 0
