"""At most so many passwords are checked at once: each check takes a core for half a second."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_S = 5.0


class GateBusyError(Exception):
    """Too many passwords are being checked; try again in a few seconds."""


class PasswordGate:
    """`places` checks run; one stranger and two known users may wait for a place.

    Waiting takes a web thread, so a long queue would starve searches: whoever is over that is
    refused at once. Known users have a queue of their own, so a flood of strangers keeps none out.
    """

    def __init__(self, places: int) -> None:
        self._places = threading.BoundedSemaphore(places)
        self._strangers = threading.BoundedSemaphore(places + 1)
        self._known = threading.BoundedSemaphore(places + 2)

    @contextmanager
    def place(self, known: bool) -> Iterator[None]:
        """Raises GateBusyError when there is none."""
        with _held(self._known if known else self._strangers, 0), _held(self._places, PATIENCE_S):
            yield


@contextmanager
def _held(places: threading.BoundedSemaphore, patience: float) -> Iterator[None]:
    if not places.acquire(timeout=patience):
        raise GateBusyError
    try:
        yield
    finally:
        places.release()
