"""The thread that applies the change log to a process's lexical index."""

import logging
import threading

from django.db import close_old_connections, connections
from django.db.utils import Error as DatabaseError

from retrieval.live_index.index import identified_index

logger = logging.getLogger(__name__)

FOLLOW_SECONDS = 0.5
RETRY_SECONDS = 5.0


class IndexFollower(threading.Thread):
    """Refreshes the index twice a second, so that searches do not have to. No error ends it."""

    def __init__(self) -> None:
        super().__init__(name="follow-index", daemon=True)
        self._stopped = threading.Event()

    def run(self) -> None:
        pause = 0.0
        while not self._stopped.wait(pause):
            pause = FOLLOW_SECONDS if self._refreshed() else RETRY_SECONDS
        connections.close_all()

    def stop(self) -> None:
        """Stop, and wait for the end of a running refresh."""
        self._stopped.set()
        self.join()

    def _refreshed(self) -> bool:
        try:
            close_old_connections()
            index = identified_index()
            index.followed = True
            index.refresh()
        except DatabaseError as problem:
            logger.warning("The lexical index cannot follow the database: %s", problem)
            return False
        except Exception:
            logger.exception("The lexical index cannot follow the change log.")
            return False
        return True
