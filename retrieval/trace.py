"""The trace of a search: the time of each stage, and warnings."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from documents.messages import Message


class SearchTrace:
    """The stage times and warnings of one search, added by its stages."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._stages: dict[str, float] = {}
        self._notices: list[Message] = []
        self.gave_up = False

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage. The time of a nested stage counts for that one alone."""
        started, counted = time.perf_counter(), sum(self._stages.values())
        yield
        inside = sum(self._stages.values()) - counted
        took = time.perf_counter() - started - inside
        self._stages[name] = self._stages.get(name, 0.0) + took

    def notice(self, message: Message) -> None:
        """Add a warning, once, even if several stages add it."""
        if message not in self._notices:
            self._notices.append(message)

    def give_up(self, message: Message) -> None:
        """Add the warning that a stage was given up: more may match than was found."""
        self.gave_up = True
        self.notice(message)

    @property
    def warnings(self) -> tuple[Message, ...]:
        return tuple(self._notices)

    @property
    def took_ms(self) -> dict[str, float]:
        """Milliseconds of each stage so far, and in total."""
        seconds = self._stages | {"total": time.perf_counter() - self._started}
        return {name: round(1000 * took, 1) for name, took in seconds.items()}
