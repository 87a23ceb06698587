"""Slots for slow documents: they take at most half of a worker's threads.

So quick documents always find a free thread. A message says that there is work: for a small
document without an earlier attempt, the thread takes the one whose turn it is (`leases`). Large
documents and those with an earlier attempt may be slow and need a slot. Without a slot they wait
here, and the thread that finishes another slow one continues with the user who was served longest
ago. If the process dies, their leases expire and the recovery queues them again.
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
    """Ingest a quick document at once, a slow one when it gets a slot.

    Returns at once without a slot: another thread ingests the document later.
    """
    queued = Document.objects.live().filter(pk=document_id, state=Document.State.QUEUED)
    found = queued.order_by().values_list("size", "attempts", "uploaded_by").first()
    if found is None or (found[0] <= LARGE_FILE and found[1] == 0):
        ingest(document_id, batch=True, in_turn=True)
        return
    following = _acquire_slot(document_id, found[2])
    while following is not None:
        try:
            ingest(following)
        except Exception:  # the database is away: the recovery finds it
            log.exception("%s was left.", following)
        following = _next_waiting()


def _acquire_slot(document_id: str, user: int | None) -> str | None:
    """The document if it gets a slot; else None, and it waits."""
    global _taken  # noqa: PLW0603
    with _lock:
        if _taken < max(1, settings.WORKER_CONCURRENCY // 2):
            _taken += 1
            _served[user] = next(_turns)
            return document_id
        _waiting[document_id] = user
        leases.hold_waiting(document_id)
    leases.renew_leases()
    return None


def _next_waiting() -> str | None:
    """The next waiting document, which takes the slot; None, and a free slot, without one."""
    global _taken  # noqa: PLW0603
    with _lock:
        if not _waiting:
            _taken -= 1
            _served.clear()
            return None
        following = min(_waiting, key=lambda one: _served.get(_waiting[one], 0))
        _served[_waiting.pop(following)] = next(_turns)
        leases.release_waiting(following)
        return following
