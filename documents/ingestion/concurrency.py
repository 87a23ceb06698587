"""Slots for large documents: they take at most half of a worker's threads.

So small documents always find a free thread. A large document without a slot waits here, and the
thread that finishes another large one continues with it. If the process dies, its lease expires
and the recovery queues it again.
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
    """Ingest a queued document: a small one in a batch, a large one when it gets a slot.

    Returns at once without a slot: another thread ingests the document later.
    """
    queued = Document.objects.filter(pk=document_id, state=Document.State.QUEUED)
    size = queued.order_by().values_list("size", flat=True).first()
    if size is None:
        return
    if size <= LARGE_FILE:
        ingest(document_id, batch=True)
        return
    following = _acquire_slot(document_id)
    while following is not None:
        try:
            ingest(following)
        except Exception:  # the database is away: the sweep will find it
            log.exception("%s was left.", following)
        following = _next_waiting()


def _acquire_slot(document_id: str) -> str | None:
    """The document if it gets a slot; else None, and it waits."""
    global _taken  # noqa: PLW0603
    with _lock:
        if _taken < max(1, settings.WORKER_CONCURRENCY // 2):
            _taken += 1
            return document_id
        _waiting[document_id] = None
        leases.hold_waiting(document_id)
    leases.renew_leases()
    return None


def _next_waiting() -> str | None:
    """The next waiting document, which takes the slot; None, and a free slot, without one."""
    global _taken  # noqa: PLW0603
    with _lock:
        following = next(iter(_waiting), None)
        if following is None:
            _taken -= 1
            return None
        del _waiting[following]
        leases.release_waiting(following)
        return following
