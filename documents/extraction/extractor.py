"""Extraction in confined processes, so that no file can take the worker down or hold others up.

A small file is first read quickly: in little time and memory, several at once. What does not end
so is read again, alone, with as much as its size and kind may need; what is large, from the start.
So a file made to do harm costs others seconds, whatever it would cost by itself.
"""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from documents.errors import IngestError
from documents.extracted_text import ExtractedText, ParsedFile, SourceFile
from documents.extraction.formats import FORMATS
from documents.extraction.parsers import parse_files
from documents.sandbox import SandboxedWorker, WorkerCrashed, usable_cores

MEGABYTE = 1 << 20
# More than this is never read quickly.
LARGE_FILE = MEGABYTE

QUICK_SECONDS, QUICK_SECONDS_EACH = 3.0, 0.25
# Recognising the text of one picture takes as long as all of a page of words.
SECONDS, SCAN_SECONDS, SECONDS_PER_MEGABYTE = 30.0, 90.0, 10.0


@dataclass(frozen=True)
class Lane:
    """Files of one kind: so many readers for them, of so much memory each."""

    memory: int
    readers: int


@cache
def _readers(name: str) -> SandboxedWorker:
    lanes = {
        "quick": Lane(1 << 30, max(2, min(usable_cores(), settings.WORKER_CONCURRENCY))),
        "slow": Lane(3 << 29, 1),
        "large": Lane(3 << 30, 1),
    }
    lane = lanes[name]
    largest = max(1 << 30, 2 * settings.MAX_UPLOAD_MB * MEGABYTE)
    return SandboxedWorker(lane.memory, readers=lane.readers, file_bytes=largest)


def extract_files(
    files: Iterable[SourceFile], *, again: bool = False
) -> list[ExtractedText | IngestError]:
    """Text, pages and headings of each in order, whose kind its content tells; with errors, whose
    messages are for the document's owner, in the place of texts.

    Small files that do not end quickly have errors that are not permanent: each is to be read
    `again`, by itself.
    """
    files = list(files)
    if not files:
        return []
    size = max(_size(file.path) for file in files)
    if size > LARGE_FILE or again:
        return [_extracted_slowly(file) for file in files]
    try:
        seconds = QUICK_SECONDS + QUICK_SECONDS_EACH * len(files)
        return _parsed("quick", files, min(seconds, settings.EXTRACTION_TIMEOUT_S))
    except (TimeoutError, WorkerCrashed):
        return [IngestError("extraction_slow", permanent=False) for _ in files]


def _extracted_slowly(file: SourceFile) -> ExtractedText | IngestError:
    size = _size(file.path)
    seconds = seconds_for(size)
    try:
        [found] = _parsed("large" if size > LARGE_FILE else "slow", [file], seconds)
    except TimeoutError:
        return IngestError("extraction_timeout", seconds=round(seconds))
    except WorkerCrashed:
        return IngestError("extraction_crashed")
    return found


def seconds_for(size: int) -> float:
    """How long a file of this many bytes may be read at most."""
    base = SCAN_SECONDS if shutil.which("tesseract") else SECONDS
    return min(base + SECONDS_PER_MEGABYTE * size / MEGABYTE, settings.EXTRACTION_TIMEOUT_S)


def _parsed(
    lane: str, files: Sequence[SourceFile], seconds: float
) -> list[ExtractedText | IngestError]:
    parsed = _readers(lane).run(
        parse_files, files, settings.MAX_TEXT_CHARS, tuple(FORMATS.values()),
        returns=list[ParsedFile], seconds=seconds,
    )  # fmt: skip
    if len(parsed) != len(files):
        raise WorkerCrashed
    return [_outcome(one) for one in parsed]


def _outcome(parsed: ParsedFile) -> ExtractedText | IngestError:
    if parsed.text is not None:
        return parsed.text
    error = parsed.failure.error() if parsed.failure else None
    return error if isinstance(error, IngestError) else IngestError("extraction_crashed")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # its reader reports it
        return 0
