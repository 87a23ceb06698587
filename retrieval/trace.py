"""What a search tells beside its results: the time of each stage, and what could not be done."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class SearchTrace:
    """Gathered while one search runs, by every step that has something to tell."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._stages: dict[str, float] = {}
        self._notices: dict[str, None] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage. The time of a stage inside it counts for that one alone."""
        started, counted = time.perf_counter(), sum(self._stages.values())
        yield
        inside = sum(self._stages.values()) - counted
        took = time.perf_counter() - started - inside
        self._stages[name] = self._stages.get(name, 0.0) + took

    def notice(self, sentence: str) -> None:
        """Tell the caller something, once however many steps say it."""
        self._notices[sentence] = None

    @property
    def notices(self) -> tuple[str, ...]:
        return tuple(self._notices)

    @property
    def took_ms(self) -> dict[str, float]:
        """Milliseconds of each stage so far, and in total."""
        seconds = self._stages | {"total": time.perf_counter() - self._started}
        return {name: round(1000 * took, 1) for name, took in seconds.items()}
