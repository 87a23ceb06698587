"""Large documents may hold half of a worker's threads, so that small ones always find one free.

Those that come while all seats are taken wait here, and the thread that finishes another goes on
with them. Where this process dies meanwhile, their leases run out, and the sweep finds them.
"""

import logging
import threading

from django.conf import settings

from documents.extraction import LARGE_FILE
from documents.ingestion import leases
from documents.ingestion.pipeline import ingest
from documents.models import Document

log = logging.getLogger(__name__)

_lock = threading.Lock()
_waiting: dict[str, None] = {}
_taken = 0


def run_when_slot_free(document_id: str) -> None:
    """Ingest the document if it waits: a small one with its like, a large one when it has a seat.

    Returns at once where there is none: another thread will see to it.
    """
    queued = Document.objects.live().filter(pk=document_id, state=Document.State.QUEUED)
    size = queued.order_by().values_list("size", flat=True).first()
    if size is None:
        return
    if size <= LARGE_FILE:
        ingest(document_id, company=True)
        return
    following = _acquire_slot(document_id)
    while following is not None:
        try:
            ingest(following)
        except Exception:  # the database is away: the sweep will find it
            log.exception("%s was left.", following)
        following = _next_waiting()


def _acquire_slot(document_id: str) -> str | None:
    """The document, where it has a seat; else it waits."""
    global _taken  # noqa: PLW0603
    with _lock:
        if _taken < max(1, settings.WORKER_CONCURRENCY // 2):
            _taken += 1
            return document_id
        _waiting[document_id] = None
        leases.keep_place(document_id)
    leases.renew_leases()
    return None


def _next_waiting() -> str | None:
    """Who has the seat now; it is free where nobody waits."""
    global _taken  # noqa: PLW0603
    with _lock:
        following = next(iter(_waiting), None)
        if following is None:
            _taken -= 1
            return None
        del _waiting[following]
        leases.give_place(following)
        return following
