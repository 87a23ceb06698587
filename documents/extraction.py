"""Extraction in a process of its own, so that no file can take the worker down.

One child serves a whole worker: it starts on first use, goes when idle, may use only so much
memory, and is killed when a file takes too long.
"""

import resource
import threading
from concurrent.futures import BrokenExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from documents.errors import IngestError
from documents.extracted import Extracted
from documents.reading import read

if TYPE_CHECKING:
    from loky.process_executor import ProcessPoolExecutor

IDLE_SECONDS = 60
MEMORY = 3 * 1024**3

_lock = threading.Lock()
_executor: "ProcessPoolExecutor | None" = None

TOO_LONG = "Reading the file took longer than {} seconds, so it was given up. Split it into parts."
TOO_MUCH = (
    "The file could not be read: it needs too much memory or is damaged. "
    "Split it into parts, or save it anew and upload it again."
)
GONE = "The original file is no longer in the store. Upload it again."


def extract(path: Path, filename: str, mime: str = "") -> Extracted:
    """Text, pages and headings of the file at `path`, whose kind its content tells.

    Raises IngestError with a sentence for the document's owner. One file is read at a time, so
    that a file that breaks the child breaks nothing else.
    """
    if not path.is_file():
        raise IngestError(GONE)
    with _lock:
        future = _child().submit(read, path, filename, mime, settings.MAX_TEXT_CHARS)
        try:
            found: Extracted = future.result(timeout=settings.EXTRACT_SECONDS)
        except TimeoutError as error:
            _stop()
            raise IngestError(TOO_LONG.format(settings.EXTRACT_SECONDS)) from error
        except (BrokenExecutor, MemoryError) as error:
            _stop()
            raise IngestError(TOO_MUCH) from error
    return found


def _child() -> "ProcessPoolExecutor":
    global _executor  # noqa: PLW0603
    from loky.process_executor import ProcessPoolExecutor

    if _executor is None:
        _executor = ProcessPoolExecutor(
            max_workers=1, timeout=IDLE_SECONDS, initializer=_limit_memory, initargs=(MEMORY,)
        )
    return _executor


def _limit_memory(limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _stop() -> None:
    global _executor  # noqa: PLW0603
    if _executor is not None:
        _executor.shutdown(wait=False, kill_workers=True)
        _executor = None
