"""Who works on a document: one worker at a time, and another soon after it died.

A claim is a conditional UPDATE that gives documents a fresh id and a lease. Everything that is
written for a document asks for that id, so a worker that lost its claim can do no harm. One thread
in each process renews the leases of all its claims. A queued document has a lease, but no lease_id,
while a worker that took its message lets it wait.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from documents.ingestion import queue
from documents.ingestion.recovery import lost_documents
from documents.messages import Message
from documents.models import Document, error_columns

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
RENEW_SECONDS = 10.0
ATTEMPTS = 5
UNFINISHED = (Document.State.EXTRACTING, Document.State.EMBEDDING)

# Small documents that wait are taken up with a small one: so many, of so many bytes each and in
# all. Who was tried before goes alone, so that what spoils a batch harms only itself.
BATCH_DOCUMENTS = 15
BATCH_MAX_FILE = 16 * 1024
BATCH_MAX_BYTES = 48 * 1024
TAKE = """
WITH asked AS (
    UPDATE documents_document
    SET lease_id = %(lease_id)s, state = 'extracting', lease_until = %(until)s
    WHERE id = %(id)s AND state = 'queued' AND deleted_at IS NULL
    RETURNING id, size, attempts
), waiting AS (
    SELECT id, size, queued_at FROM documents_document
    WHERE EXISTS (SELECT FROM asked WHERE attempts = 0 AND size <= %(small)s)
    AND state = 'queued' AND deleted_at IS NULL
    AND attempts = 0 AND size <= %(small)s AND id <> %(id)s
    ORDER BY queued_at LIMIT %(company)s FOR UPDATE SKIP LOCKED
), near AS (SELECT id, sum(size) OVER (ORDER BY queued_at, id) AS bytes FROM waiting), taken AS (
    UPDATE documents_document d
    SET lease_id = %(lease_id)s, state = 'extracting', lease_until = %(until)s
    FROM near WHERE d.id = near.id AND near.bytes <= %(together)s RETURNING d.id
)
SELECT id FROM asked UNION ALL SELECT id FROM taken
"""
# Locked in the order of `Document.Meta`, as all do who lock several: nobody waits in a circle.
WRITE = """
WITH ours AS (
    SELECT id FROM documents_document WHERE id = ANY(%s) AND lease_id = %s
    ORDER BY created_at DESC, id FOR UPDATE
)
UPDATE documents_document d SET {changes}
FROM ours JOIN unnest({arrays}) AS given ({names}) USING (id) WHERE d.id = ours.id RETURNING d.id
"""

_FIELDS = {field.name: field for field in Document._meta.concrete_fields}

_held: set[UUID] = set()
_placed: set[str] = set()
_lock = threading.Lock()
_renewer: threading.Thread | None = None


@contextmanager
def claimed(document_id: str, *, company: bool = False) -> Iterator[list[Document]]:
    """The document while this worker alone may write for it; none when there is nothing to do.

    With `company` a small one brings other small ones that wait, all under one claim.
    """
    lease_id = uuid4()
    documents = _take(document_id, lease_id, company)
    if not documents:
        yield []
        return
    _hold(lease_id)
    try:
        yield documents
    finally:
        with _lock:
            _held.discard(lease_id)


def _take(document_id: str, lease_id: UUID, company: bool) -> list[Document]:
    values: dict[str, Any] = {
        "id": document_id,
        "lease_id": lease_id,
        "until": timezone.now() + LEASE,
        "company": BATCH_DOCUMENTS if company else 0,
        "small": BATCH_MAX_FILE,
        "together": BATCH_MAX_BYTES,
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        ids = [pk for (pk,) in cursor.fetchall()]
    if not ids:
        return []
    return list(Document.objects.select_related("collection").filter(pk__in=ids, lease_id=lease_id))


def write_owned(documents: Sequence[Document], **columns: Sequence[Any]) -> list[Document]:
    """Change the documents' rows: each column has a value for each document.

    Returns those that are still ours, whose rows are then locked until the transaction's end, so
    that what is written with them is written by the owner; the others are left as they are.
    """
    if not documents:
        return []
    names = ["id", *columns]
    sql = WRITE.format(
        changes=", ".join(f"{name} = given.{name}" for name in columns),
        arrays=", ".join(f"%s::{_FIELDS[name].cast_db_type(connection)}[]" for name in names),
        names=", ".join(names),
    )
    ids = [document.pk for document in documents]
    with connection.cursor() as cursor:
        cursor.execute(sql, [ids, documents[0].lease_id, ids, *map(list, columns.values())])
        kept = {pk for (pk,) in cursor.fetchall()}
    for name, column in columns.items():
        for document, value in zip(documents, column, strict=True):
            setattr(document, name, value)
    return [document for document in documents if document.pk in kept]


def release_lease(document: Document, **changes: Any) -> bool:
    """Give the document up with its last changes; False, and nothing, when the claim was lost."""
    ours = Document.objects.filter(pk=document.pk, lease_id=document.lease_id)
    changes |= {"lease_id": None, "lease_until": None, "updated_at": timezone.now()}
    return bool(ours.update(**changes))


def keep_place(document_id: str) -> None:
    """From the next renewal on, keep the sweep from a queued document whose message is taken."""
    with _lock:
        _placed.add(document_id)
    _renew_from_now_on()


def give_place(document_id: str) -> None:
    """The document's turn has come: whoever claims it has another lease."""
    with _lock:
        _placed.discard(document_id)


def _hold(lease_id: UUID) -> None:
    with _lock:
        _held.add(lease_id)
    _renew_from_now_on()


def _renew_from_now_on() -> None:
    global _renewer  # noqa: PLW0603
    with _lock:
        if _renewer is None or not _renewer.is_alive():
            _renewer = threading.Thread(target=_renew_forever, name="leases", daemon=True)
            _renewer.start()


def _renew_forever() -> None:
    pause = threading.Event()
    while not pause.wait(RENEW_SECONDS):
        try:
            renew_leases()
        except (DatabaseError, InterfaceError) as error:
            log.warning("Leases were not renewed: %s", error)
        finally:
            connection.close()


def renew_leases() -> None:
    """Lengthen the lease of every claim that this process holds, and of those that wait in it.

    Rows that are just being written wait for the next round, so that nobody waits in a circle.
    """
    with _lock:
        held, placed = list(_held), list(_placed)
    if not held and not placed:
        return
    ours = Q(state__in=UNFINISHED, lease_id__in=held)
    ours |= Q(state=Document.State.QUEUED, pk__in=placed)
    with transaction.atomic():
        rows = Document.objects.filter(ours)
        free = rows.select_for_update(skip_locked=True).values("pk")
        Document.objects.filter(pk__in=free).update(lease_until=timezone.now() + LEASE)


def recover_expired() -> int:
    """Queue again what a dead worker held, and what waits though no message of it is left.

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
    queue.enqueue_documents(freed, first=True)
    lost = lost_documents(now)
    still = Document.objects.filter(pk__in=lost, state=Document.State.QUEUED)
    still.update(queued_at=now, lease_until=None)
    queue.enqueue_documents(lost)
    return len(freed) + len(lost)


def _free(document_id: UUID, now: Any) -> bool:
    """Take the claim from a worker whose lease ran out; a second sweep at once finds nothing."""
    return bool(
        Document.objects.filter(pk=document_id, state__in=UNFINISHED, lease_until__lt=now).update(
            state=Document.State.QUEUED,
            lease_id=None,
            lease_until=None,
            queued_at=now,
            attempts=F("attempts") + 1,
        )
    )


def _fail_hopeless(ids: list[UUID]) -> None:
    """A document that worker after worker dies of is not given to the next."""
    hopeless = Document.objects.filter(pk__in=ids, attempts__gte=ATTEMPTS)
    problem = error_columns(Message("indexing_interrupted"))
    hopeless.update(state=Document.State.FAILED, **problem)


def enqueue_later(document: Document, pause: timedelta) -> None:
    """Queue a released document after a pause; where its message is lost, the sweep finds it."""
    queue.enqueue_documents([document.pk], after=pause)
