"""Publication: what searches see changes in one transaction, with a row in the change log."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from documents.ingestion import leases
from documents.models import (
    ChangeLogEntry,
    Document,
    Extraction,
    Passage,
    PassageEmbedding,
    error_columns,
)

# How long the log keeps deletions. A follower that is older rebuilds its index.
DELETIONS_KEPT = timedelta(days=30)
SUPERSEDED = """
DELETE FROM documents_changelogentry older USING documents_changelogentry newer
WHERE newer.document_id = older.document_id AND newer.id > older.id
"""
# Held from before a number is given until commit, so that numbers become visible in order.
CHANGE_LOCK = 0x6C616E7465726E


def lock_changes() -> None:
    """Take the lock of the change log until commit; call inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHANGE_LOCK])


def log_changes(kind: ChangeLogEntry.Kind, ids: Iterable[UUID]) -> None:
    """One row for each document; the caller holds the lock."""
    ChangeLogEntry.objects.bulk_create(
        [ChangeLogEntry(kind=kind, document_id=pk) for pk in ids], batch_size=5000
    )


@transaction.atomic
def publish(documents: Sequence[Document]) -> list[Document]:
    """Publish the documents' next versions in place of those that searches see.

    All documents have one lease. Returns those published; for the others the lease is lost, and
    nothing changes.
    """
    lock_changes()
    now = timezone.now()
    ours = leases.write_owned(documents, version=[document.version + 1 for document in documents])
    Document.objects.filter(pk__in=[document.pk for document in ours]).update(
        state=Document.State.INDEXED,
        **error_columns(None),
        lease_id=None,
        lease_until=None,
        attempts=0,
        indexed_at=now,
        updated_at=now,
    )
    log_changes(ChangeLogEntry.Kind.PUBLISHED, [document.pk for document in ours])
    _delete_versions([d.pk for d in ours if d.version > 1], version__lt=F("document__version"))
    return ours


def discard_unpublished(ids: list[UUID]) -> None:
    """Delete the texts, passages and vectors of versions that were never published."""
    _delete_versions(ids, version__gt=F("document__version"))


def _delete_versions(ids: list[UUID], **condition: Any) -> None:
    """Delete texts, passages and vectors of versions of these documents, in three statements."""
    if not ids:
        return
    passages = Passage.objects.order_by().filter(document__in=ids, **condition).values("pk")
    texts = Extraction.objects.filter(document__in=ids, **condition).values("pk")
    PassageEmbedding.objects.filter(passage__in=passages)._raw_delete("default")
    Passage.objects.filter(pk__in=passages)._raw_delete("default")
    Extraction.objects.filter(pk__in=texts)._raw_delete("default")


@transaction.atomic
def delete_published(ids: list[UUID]) -> None:
    """Delete documents with their texts, passages and vectors; searches omit them at once."""
    lock_changes()
    seen = Document.objects.filter(pk__in=ids, version__gt=0)
    log_changes(ChangeLogEntry.Kind.DELETED, seen.values_list("pk", flat=True))
    # Locked first, so that no worker adds a passage between the statements below.
    list(Document.objects.select_for_update().filter(pk__in=ids).values_list("pk", flat=True))
    _delete_versions(ids)
    Document.objects.filter(pk__in=ids)._raw_delete("default")


@transaction.atomic
def compact_log() -> None:
    """Delete the rows of the log that no follower needs.

    A follower reads a document's present state, so the newest row of each document suffices. Of
    the deletions older than DELETIONS_KEPT the newest row stays, marked as truncated: a follower
    that has not reached it knows that it missed deletions.
    """
    with connection.cursor() as cursor:
        cursor.execute(SUPERSEDED)
    gone = ChangeLogEntry.objects.filter(
        kind__in=(ChangeLogEntry.Kind.DELETED, ChangeLogEntry.Kind.TRUNCATED)
    )
    last = gone.filter(created_at__lt=timezone.now() - DELETIONS_KEPT).order_by("-id").first()
    if last is not None:
        gone.filter(id__lt=last.id).delete()
        ChangeLogEntry.objects.filter(pk=last.pk).update(kind=ChangeLogEntry.Kind.TRUNCATED)
