"""Slow documents may hold half of a worker's threads, so that others always find one free.

A message says that there is work. Where its document is small and was not tried yet, the thread
takes the one whose turn it is (`leases`). Large documents, and those tried before, which may be
slow, need a seat: those that come while all are taken wait here, and the thread that finishes
another goes on with one of them, of the user who was served longest ago. Where this process dies
meanwhile, their leases run out, and the sweep finds them.
"""

import logging
import threading
from itertools import count

from django.conf import settings

from documents.extraction import LARGE_FILE
from documents.ingestion import leases
from documents.ingestion.pipeline import ingest
from documents.models import Document

log = logging.getLogger(__name__)

_lock = threading.Lock()
_waiting: dict[str, int | None] = {}
_served: dict[int | None, int] = {}
_turns = count(1)
_taken = 0


def run_when_slot_free(document_id: str) -> None:
    """Ingest what is due: a quick document at once, a slow one when it has a seat.

    Returns at once where there is none: another thread will see to it.
    """
    queued = Document.objects.filter(pk=document_id, state=Document.State.QUEUED).order_by()
    found = queued.values_list("size", "attempts", "uploaded_by").first()
    if found is None or (found[0] <= LARGE_FILE and found[1] == 0):
        ingest(document_id, company=True, in_turn=True)
        return
    following = _acquire_slot(document_id, found[2])
    while following is not None:
        try:
            ingest(following)
        except Exception:  # the database is away: the sweep will find it
            log.exception("%s was left.", following)
        following = _next_waiting()


def _acquire_slot(document_id: str, user: int | None) -> str | None:
    """The document, where it has a seat; else it waits."""
    global _taken  # noqa: PLW0603
    with _lock:
        if _taken < max(1, settings.WORKER_CONCURRENCY // 2):
            _taken += 1
            _served[user] = next(_turns)
            return document_id
        _waiting[document_id] = user
        leases.keep_place(document_id)
    leases.renew_leases()
    return None


def _next_waiting() -> str | None:
    """Who has the seat now; it is free where nobody waits."""
    global _taken  # noqa: PLW0603
    with _lock:
        if not _waiting:
            _taken -= 1
            _served.clear()
            return None
        following = min(_waiting, key=lambda one: _served.get(_waiting[one], 0))
        _served[_waiting.pop(following)] = next(_turns)
        leases.give_place(following)
        return following
