"""Who works on a document: one worker at a time, and another soon after it died.

A claim is a conditional UPDATE that gives the document a fresh id and a lease. Everything that is
written for the document asks for that id, so a worker that lost its claim can do no harm. One
thread in each process renews the leases of all its claims.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import DatabaseError, connection
from django.db.models import F
from django.utils import timezone

from documents import queue
from documents.errors import ClaimLost
from documents.models import Document

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
RENEW_SECONDS = 10.0
ATTEMPTS = 5
DEADLY = (
    "Indexing was cut off five times without a result. If the service was not just being "
    "restarted, the file may be too much for it: split it into parts."
)
LOST_AFTER = timedelta(seconds=30)
UNFINISHED = (Document.State.EXTRACTING, Document.State.EMBEDDING)

_held: set[UUID] = set()
_lock = threading.Lock()
_renewer: threading.Thread | None = None


@contextmanager
def claimed(document_id: str) -> Iterator[Document | None]:
    """The document while this worker alone may write for it; None when there is nothing to do."""
    claim = uuid4()
    document = _take(document_id, claim)
    if document is None:
        yield None
        return
    _hold(claim)
    try:
        yield document
    finally:
        with _lock:
            _held.discard(claim)


def _take(document_id: str, claim: UUID) -> Document | None:
    taken = Document.objects.filter(pk=document_id, state=Document.State.QUEUED).update(
        claim=claim, state=Document.State.EXTRACTING, lease_until=timezone.now() + LEASE
    )
    if not taken:
        return None
    return Document.objects.select_related("collection").filter(pk=document_id, claim=claim).first()


def write(document: Document, **changes: Any) -> None:
    """Change the document's row. Raises ClaimLost when another owns it by now, or nobody.

    Inside a transaction it also keeps the row locked until commit, so that what is written with
    it is written by the owner.
    """
    if not Document.objects.filter(pk=document.pk, claim=document.claim).update(**changes):
        raise ClaimLost
    for name, value in changes.items():
        setattr(document, name, value)


def release(document: Document, **changes: Any) -> None:
    """Give the document up with its last changes; nothing when the claim was lost."""
    Document.objects.filter(pk=document.pk, claim=document.claim).update(
        claim=None, lease_until=None, updated_at=timezone.now(), **changes
    )


def _hold(claim: UUID) -> None:
    global _renewer  # noqa: PLW0603
    with _lock:
        _held.add(claim)
        if _renewer is None or not _renewer.is_alive():
            _renewer = threading.Thread(target=_renew_forever, name="leases", daemon=True)
            _renewer.start()


def _renew_forever() -> None:
    pause = threading.Event()
    while not pause.wait(RENEW_SECONDS):
        try:
            renew()
        except DatabaseError:
            log.warning("Leases were not renewed: the database is away.")
        finally:
            connection.close()


def renew() -> None:
    """Lengthen the lease of every claim that this process holds."""
    with _lock:
        held = list(_held)
    if held:
        Document.objects.filter(claim__in=held).update(lease_until=timezone.now() + LEASE)


def sweep() -> int:
    """Queue again what a dead worker held, and what waits though no message is in the queue.

    Returns how many documents were sent.
    """
    now = timezone.now()
    dead = list(
        Document.objects.filter(state__in=UNFINISHED, lease_until__lt=now).values_list(
            "pk", flat=True
        )
    )
    freed = [pk for pk in dead if _free(pk, now)]
    _fail_hopeless(freed)
    queue.send(freed, first=True)
    lost = [] if queue.length() else _waiting_since(now - LOST_AFTER)
    Document.objects.filter(pk__in=lost).update(queued_at=now)
    queue.send(lost)
    return len(freed) + len(lost)


def _free(document_id: UUID, now: Any) -> bool:
    """Take the claim from a worker whose lease ran out; a second sweep at once finds nothing."""
    return bool(
        Document.objects.filter(pk=document_id, state__in=UNFINISHED, lease_until__lt=now).update(
            state=Document.State.QUEUED,
            claim=None,
            lease_until=None,
            queued_at=now,
            attempts=F("attempts") + 1,
        )
    )


def _fail_hopeless(ids: list[UUID]) -> None:
    """A document that worker after worker dies of is not given to the next."""
    hopeless = Document.objects.filter(pk__in=ids, attempts__gte=ATTEMPTS)
    hopeless.update(state=Document.State.FAILED, error=DEADLY)


def _waiting_since(moment: Any) -> list[UUID]:
    waiting = Document.objects.filter(state=Document.State.QUEUED, queued_at__lt=moment)
    return list(waiting.order_by("queued_at").values_list("pk", flat=True))


def send_later(document: Document, pause: timedelta) -> None:
    """Queue a released document after a pause; where its message is lost, the sweep finds it."""
    queue.send([document.pk], after=pause)
