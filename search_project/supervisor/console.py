"""The console output of `manage.py up`."""

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import TextIO

from django.core.management.base import OutputWrapper

FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


class Console:
    """Plain lines; on a terminal also a progress line during long steps."""

    def __init__(self, stream: TextIO | OutputWrapper) -> None:
        self.stream = stream

    def say(self, text: str = "") -> None:
        self.stream.write(f"{text}\n")
        self.stream.flush()

    @contextlib.contextmanager
    def step(self, doing: str) -> Iterator[None]:
        """Print the name of a step, and afterwards how long it took."""
        started = time.monotonic()
        done = threading.Event()
        mover = threading.Thread(target=self._move, args=(doing, started, done), daemon=True)
        if self.stream.isatty():
            mover.start()
        try:
            yield
        finally:
            done.set()
            if mover.is_alive():
                mover.join()
        self.say(f"  {doing}: {time.monotonic() - started:.1f} s")

    def _move(self, doing: str, started: float, done: threading.Event) -> None:
        frame = 0
        while not done.wait(0.1):
            spent = time.monotonic() - started
            if spent > 1:
                self.stream.write(f"\r{FRAMES[frame % len(FRAMES)]} {doing}: {spent:.0f} s ")
                self.stream.flush()
                frame += 1
        self.stream.write("\r\033[K" if frame else "")
