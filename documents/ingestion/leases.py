"""Leases: one worker at a time ingests a document, and another one soon after it died.

A worker claims documents by a conditional UPDATE that gives them a new `lease_id` and a time until
which the lease is valid. Every later write tests that id, so a worker that lost its lease changes
nothing. One thread in each process renews all its leases. A queued document has a lease without
`lease_id` while it waits for a slot in a worker that has taken its message.
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

from documents.extraction import LARGE_FILE
from documents.ingestion import queue
from documents.ingestion.claim_sql import TAKE
from documents.ingestion.recovery import lost_documents
from documents.messages import Message
from documents.models import Document, error_columns

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
RENEW_SECONDS = 10.0
ATTEMPTS = 5
UNFINISHED = (Document.State.EXTRACTING, Document.State.EMBEDDING)

# The next small document is the oldest of the user with the fewest documents in work. The first few
# of each user are examined, as other workers may claim some of them at this moment. Large documents
# and those with an earlier attempt are not in this line.
FIRST_OF_EACH = 8
# The limits of a batch of small documents of one user. One that was tried before is ingested alone,
# so that a document that makes a batch fail does so only once.
BATCH_DOCUMENTS = 15
BATCH_MAX_FILE = 16 * 1024
BATCH_MAX_BYTES = 48 * 1024
# Rows are locked in the order of `Document.Meta`, as everywhere: so there is no deadlock.
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
_waiting: set[str] = set()
_lock = threading.Lock()
_renewer: threading.Thread | None = None


@contextmanager
def claimed(
    document_id: str, *, batch: bool = False, in_turn: bool = False
) -> Iterator[list[Document]]:
    """Yields the claimed document, or nothing if it is not queued.

    With `batch`, other small queued documents of its user are claimed under the same lease. With
    `in_turn`, the small document whose turn it is is claimed in its place.
    """
    lease_id = uuid4()
    documents = _take(document_id, lease_id, batch, in_turn)
    if not documents:
        yield []
        return
    _hold(lease_id)
    try:
        yield documents
    finally:
        with _lock:
            _held.discard(lease_id)


def _take(document_id: str, lease_id: UUID, batch: bool, in_turn: bool) -> list[Document]:
    values: dict[str, Any] = {
        "id": document_id,
        "lease_id": lease_id,
        "until": timezone.now() + LEASE,
        "in_turn": in_turn,
        "quick": LARGE_FILE,
        "few": FIRST_OF_EACH,
        "batch": BATCH_DOCUMENTS if batch else 0,
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
    """Update the documents' rows: each column has a value for each document.

    Returns those whose lease is still ours. Their rows stay locked until the end of the
    transaction, so that its other writes are the owner's too. The others do not change.
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
    """Write the last changes and end the lease; False, without a change, if it was lost."""
    ours = Document.objects.filter(pk=document.pk, lease_id=document.lease_id)
    changes |= {"lease_id": None, "lease_until": None, "updated_at": timezone.now()}
    return bool(ours.update(**changes))


def hold_waiting(document_id: str) -> None:
    """Renew a lease for a queued document that waits here: the recovery then leaves it alone."""
    with _lock:
        _waiting.add(document_id)
    _renew_from_now_on()


def release_waiting(document_id: str) -> None:
    """Stop renewing for a document that waited here: its claim has a lease of its own."""
    with _lock:
        _waiting.discard(document_id)


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
    """Extend the leases of all documents that this process ingests or lets wait.

    Rows locked by another transaction are skipped until the next round: so there is no deadlock.
    """
    with _lock:
        held, waiting = list(_held), list(_waiting)
    if not held and not waiting:
        return
    ours = Q(state__in=UNFINISHED, lease_id__in=held)
    ours |= Q(state=Document.State.QUEUED, pk__in=waiting)
    with transaction.atomic():
        rows = Document.objects.filter(ours)
        free = rows.select_for_update(skip_locked=True).values("pk")
        Document.objects.filter(pk__in=free).update(lease_until=timezone.now() + LEASE)


def recover_expired() -> int:
    """Queue again the documents of dead workers, and queued documents whose message was lost.

    Returns how many documents were queued.
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
    """Queue a document again whose lease expired; of concurrent calls only one returns True."""
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
    """Fail the documents that ATTEMPTS workers died of."""
    hopeless = Document.objects.filter(pk__in=ids, attempts__gte=ATTEMPTS)
    problem = error_columns(Message("indexing_interrupted"))
    hopeless.update(state=Document.State.FAILED, **problem)


def enqueue_later(document: Document, pause: timedelta) -> None:
    """Queue a released document after a pause; if its message is lost, the recovery finds it."""
    queue.enqueue_documents([document.pk], after=pause)
