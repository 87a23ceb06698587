"""What a child process may do wrong; imported there by name, so this imports nothing of ours."""

import os
import signal
import time
from typing import Any


def sleep(*_: Any) -> None:
    time.sleep(60)


def die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_of_bad_files(files: list[Any], *rest: Any) -> Any:
    """What reads files, but not those that hold the word "deadly"."""
    from documents.extraction.parsers import parse_files

    if any("deadly" in file.path.read_text() for file in files):
        die()
    return parse_files(files, *rest)


def sleep_over_large_files(files: list[Any], *rest: Any) -> Any:
    """What reads files, but not those of a megabyte and more."""
    from documents.extraction.parsers import parse_files

    if any(file.path.stat().st_size > 1024**2 for file in files):
        time.sleep(60)
    return parse_files(files, *rest)
