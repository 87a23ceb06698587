"""At most so many passwords are checked at once: each check takes a core for half a second."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_S = 5.0


class GateBusyError(Exception):
    """Too many passwords are being checked; try again in a few seconds."""


class PasswordGate:
    """`places` checks run; one stranger and two known users may wait for a place.

    Waiting takes a web thread, so a long queue would starve searches: whoever is over that is
    refused at once. Of strangers, `burst` may come together and then one every `pause_s`, so that a
    flood from many addresses takes a part of a core and no more. Known users have a queue of their
    own and no pause, so strangers keep none of them out.
    """

    def __init__(self, places: int, burst: int = 10, pause_s: float = 2.0) -> None:
        self._places = threading.BoundedSemaphore(places)
        self._strangers = threading.BoundedSemaphore(places + 1)
        self._known = threading.BoundedSemaphore(places + 2)
        self._allowance = _Allowance(burst, pause_s)

    @contextmanager
    def place(self, known: bool) -> Iterator[None]:
        """Raises GateBusyError when there is none."""
        queue = self._known if known else self._strangers
        with _held(queue, 0):
            if not known and not self._allowance.take():
                raise GateBusyError
            with _held(self._places, PATIENCE_S):
                yield


class _Allowance:
    """A token bucket: `burst` at once, and another one every `pause_s`."""

    def __init__(self, burst: int, pause_s: float) -> None:
        self._burst, self._pause_s = burst, pause_s
        self._left, self._since = float(burst), time.monotonic()
        self._lock = threading.Lock()

    def take(self) -> bool:
        with self._lock:
            now = time.monotonic()
            earned = (now - self._since) / self._pause_s
            self._left, self._since = min(self._burst, self._left + earned), now
            if self._left < 1:
                return False
            self._left -= 1
            return True


@contextmanager
def _held(places: threading.BoundedSemaphore, patience: float) -> Iterator[None]:
    if not places.acquire(timeout=patience):
        raise GateBusyError
    try:
        yield
    finally:
        places.release()
