"""How long the database may work for one step of a search, which then does without its answer."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction
from django.db.utils import OperationalError
from psycopg.errors import QueryCanceled


class StatementTimeout(Exception):
    """The database was not done in time."""

    permanent = False


class TimeBudget:
    """SEARCH_TIMEOUT_MS for all the statements of one step together."""

    def __init__(self) -> None:
        self._left = settings.SEARCH_TIMEOUT_MS / 1000

    @contextmanager
    def limit(self) -> Iterator[None]:
        """Cancel each statement inside that takes longer than what is left. Raises
        StatementTimeout, at once where nothing is left."""
        if self._left <= 0:
            raise StatementTimeout
        started = time.monotonic()
        try:
            with time_limit(max(1, int(1000 * self._left))):
                yield
        finally:
            self._left -= time.monotonic() - started


@contextmanager
def time_limit(milliseconds: int) -> Iterator[None]:
    """Cancel each statement inside that takes longer. Raises StatementTimeout."""
    nested = connection.in_atomic_block
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {int(milliseconds)}")
            yield
            if nested:  # else the limit ends with the transaction
                cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise StatementTimeout from error
        raise
