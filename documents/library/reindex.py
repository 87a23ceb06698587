"""Documents put back to the start of the ingestion queue."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from documents.ingestion import check_queue_reachable, discard_unpublished, enqueue_documents
from documents.models import Document, error_columns

QUEUED: dict[str, Any] = {
    "state": Document.State.QUEUED,
    **error_columns(None),
    "attempts": 0,
    "lease_id": None,
    "lease_until": None,
    "passages_done": 0,
    "passages_total": 0,
}
AT_ONCE = 1000

Documents = QuerySet[Document] | Iterable[Document]


def reindex_documents(documents: Documents, *, enqueue: bool = True) -> int:
    """Ingest each document again from its original, beside the version that searches see.

    Returns how many. Raises QueueUnavailable when database or broker cannot be reached.
    """
    check_queue_reachable(broker=enqueue)
    ids = document_ids(documents)
    requeue(ids, enqueue=enqueue)
    return len(ids)


def retry_documents(documents: Documents, *, enqueue: bool = True) -> int:
    """Queue again those that failed. Returns how many."""
    failed = Document.objects.filter(pk__in=document_ids(documents), state=Document.State.FAILED)
    return reindex_documents(failed, enqueue=enqueue)


def requeue(ids: list[Any], *, enqueue: bool = True) -> None:
    """As `reindex_documents`, for a caller that has checked the queue before it locked anything.

    Those in the trash wait there until they are restored.
    """
    for first in range(0, len(ids), AT_ONCE):
        batch = ids[first : first + AT_ONCE]
        with transaction.atomic():
            list(Document.objects.select_for_update().filter(pk__in=batch).values_list("pk"))
            reset_to_queued(batch)
            if enqueue:
                transaction.on_commit(lambda batch=batch: enqueue_documents(batch))  # type: ignore[misc]


def reset_to_queued(ids: list[Any]) -> None:
    """Back to the start of the line, whoever is at work on them now; no message is sent."""
    now = timezone.now()
    Document.objects.filter(pk__in=ids).update(**QUEUED, queued_at=now, updated_at=now)
    discard_unpublished(ids)


def document_ids(documents: Documents) -> list[Any]:
    if isinstance(documents, QuerySet):
        return list(documents.order_by("created_at").values_list("pk", flat=True))
    return [document.pk for document in documents]
