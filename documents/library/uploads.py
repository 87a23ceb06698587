"""Storing, queueing, changing and deleting documents, for pages, API, admin and commands."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DatabaseError, IntegrityError, InterfaceError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from documents import storage
from documents.errors import CollectionDeleted, IntakeError, QueueUnavailable, QuotaExceeded
from documents.ingestion import (
    DATABASE_UNAVAILABLE,
    check_queue_reachable,
    delete_published,
    discard_unpublished,
    enqueue_documents,
    lock_changes,
    log_changes,
)
from documents.library.quotas import check_quotas
from documents.models import ChangeLogEntry, Collection, Document, error_columns

__all__ = ["IntakeError", "QueueUnavailable", "UploadResult", "add_file", "add_text"]

QUEUED: dict[str, Any] = {
    "state": Document.State.QUEUED,
    **error_columns(None),
    "attempts": 0,
    "lease_id": None,
    "lease_until": None,
    "passages_done": 0,
    "passages_total": 0,
}
# The content type of a text that the API was sent, which needs no detection.
TEXT_MIME = "text/plain"
AT_ONCE = 1000
# Documents deleted in one transaction, during which nothing can be published.
DELETED_AT_ONCE = 100


@dataclass(frozen=True)
class UploadResult:
    """The document of an upload, and whether it is new."""

    document: Document
    created: bool


def add_file(
    collection: Collection,
    file: storage.Readable,
    filename: str,
    *,
    title: str = "",
    source: str = "",
    metadata: dict[str, Any] | None = None,
    language: str = "",
    external_id: str | None = None,
    user: AbstractBaseUser | None = None,
    content_type: str = "",
    enqueue: bool = True,
) -> UploadResult:
    """Store a file and queue it. The same bytes (or `external_id`) are the same document.

    A duplicate that had failed is queued again; other bytes under the same external id replace the
    old.
    Raises IntakeError for what cannot be taken, and QueueUnavailable, with nothing stored, when
    database or broker cannot be reached or the disk is full. CollectionDeleted is the IntakeError
    of an upload whose collection is deleted meanwhile, QuotaExceeded that of a `user` who may keep
    no more. `enqueue=False` leaves the work to the caller.
    """
    check_queue_reachable(broker=enqueue)
    name = storage.safe_name(filename)
    fields = {
        "title": _one_line(title)[:500] or name,
        "source": _one_line(source)[:2000],
        "filename": name,
        "metadata": metadata or {},
        "language": language or collection.language,
        "uploaded_by": user if user is not None and user.pk else None,
        "content_type": content_type,
    }
    draft = storage.write_draft(file)
    with _kept(draft, collection):
        return _record(collection, draft, external_id or draft.sha256, fields, enqueue)


@contextmanager
def _kept(draft: storage.Draft, collection: Collection) -> Iterator[None]:
    """One transaction that stores both the original and the rows of the block, or neither."""
    try:
        with transaction.atomic():
            storage.commit_draft(draft)
            yield
    except (DatabaseError, InterfaceError, QuotaExceeded) as error:
        with suppress(DatabaseError, InterfaceError):
            storage.delete_unused_original(draft.sha256)
        if isinstance(error, DATABASE_UNAVAILABLE):
            raise QueueUnavailable("database_away") from error
        if isinstance(error, IntegrityError) and not _exists(collection):
            raise CollectionDeleted("collection_deleted") from error
        raise
    finally:
        storage.discard_draft(draft)


def _exists(collection: Collection) -> bool:
    return Collection.objects.filter(pk=collection.pk).exists()


def add_text(
    collection: Collection, title: str, text: str, *, external_id: str | None = None, **options: Any
) -> UploadResult:
    """Store a text with a title and queue it; options and errors are those of `add_file`."""
    if not _one_line(title):
        raise IntakeError("text_without_title")
    data = io.BytesIO(text.encode("utf-8", "replace"))
    name = f"{storage.safe_name(title)[:200]}.txt"
    options.setdefault("content_type", TEXT_MIME)
    return add_file(collection, data, name, title=title, external_id=external_id, **options)


def _one_line(text: str) -> str:
    return " ".join(text.replace("\0", "").encode("utf-8", "replace").decode().split())


def _record(
    collection: Collection,
    draft: storage.Draft,
    external_id: str,
    fields: dict[str, Any],
    enqueue: bool,
) -> UploadResult:
    """The document's row, new or existing, queued if it has to be ingested."""
    fields |= {"content_hash": draft.sha256, "size": draft.size}
    with transaction.atomic():
        document, created = Document.objects.get_or_create(
            collection=collection, external_id=external_id, defaults=fields
        )
    if not created and document.content_hash != draft.sha256:
        _replace(document, fields)
    elif not created and document.state == Document.State.FAILED:
        _queue([document.pk])
        document.refresh_from_db()
    elif not created:
        return UploadResult(document, created)
    if fields["uploaded_by"]:
        check_quotas(fields["uploaded_by"].pk)
    if enqueue:
        transaction.on_commit(lambda: enqueue_documents([document.pk]))
    return UploadResult(document, created)


def _replace(document: Document, fields: dict[str, Any]) -> None:
    """Queue new bytes of an external id: searches find the old version until the new is ready."""
    former = document.content_hash
    Document.objects.filter(pk=document.pk).update(**fields, updated_at=timezone.now())
    _queue([document.pk])
    document.refresh_from_db()
    transaction.on_commit(lambda: storage.delete_unused_original(former))


def _queue(ids: list[Any]) -> None:
    """Queue documents from the first step; a worker that has one of them loses its lease."""
    now = timezone.now()
    Document.objects.filter(pk__in=ids).update(**QUEUED, queued_at=now, updated_at=now)
    discard_unpublished(ids)


def reindex_documents(
    documents: QuerySet[Document] | Iterable[Document], *, enqueue: bool = True
) -> int:
    """Ingest each document again from its original, beside the version that searches see.

    Returns how many. Raises QueueUnavailable when database or broker cannot be reached.
    """
    check_queue_reachable(broker=enqueue)
    ids = document_ids(documents)
    requeue(ids, enqueue=enqueue)
    return len(ids)


def requeue(ids: list[Any], *, enqueue: bool = True) -> None:
    """As `reindex_documents`, for a caller that checked the queue before it took locks."""
    for first in range(0, len(ids), AT_ONCE):
        batch = ids[first : first + AT_ONCE]
        with transaction.atomic():
            list(Document.objects.select_for_update().filter(pk__in=batch).values_list("pk"))
            _queue(batch)
            if enqueue:
                transaction.on_commit(lambda batch=batch: enqueue_documents(batch))  # type: ignore[misc]


def retry_documents(
    documents: QuerySet[Document] | Iterable[Document], *, enqueue: bool = True
) -> int:
    """Queue the failed ones of these documents again. Returns how many."""
    failed = Document.objects.filter(pk__in=document_ids(documents), state=Document.State.FAILED)
    return reindex_documents(failed, enqueue=enqueue)


def delete_documents(documents: QuerySet[Document] | Iterable[Document]) -> int:
    """Delete documents with their passages and vectors, and originals that no other one needs."""
    ids = document_ids(documents)
    for first in range(0, len(ids), DELETED_AT_ONCE):
        batch = ids[first : first + DELETED_AT_ONCE]
        hashes = set(Document.objects.filter(pk__in=batch).values_list("content_hash", flat=True))
        delete_published(batch)
        for sha256 in hashes:
            # Robust: a file that cannot be deleted now is deleted by `delete_stale_originals`.
            transaction.on_commit(lambda h=sha256: storage.delete_unused_original(h), robust=True)  # type: ignore[misc]
    return len(ids)


def update_document(document: Document, **changes: Any) -> Document:
    """Change title, source, metadata or language, and reindex the document if necessary.

    Raises IntakeError for an empty title, QueueUnavailable if the work cannot be queued.
    """
    if "title" in changes:
        changes["title"] = _one_line(changes["title"])[:500]
        if not changes["title"]:
            raise IntakeError("document_without_title")
    check_queue_reachable(broker=False)
    stored = Document.objects.get(pk=document.pk)  # the caller's may hold the changes already
    again = any(
        name in changes and changes[name] != getattr(stored, name) for name in ("title", "language")
    )
    if again:
        check_queue_reachable()
    with transaction.atomic():
        lock_changes()
        Document.objects.filter(pk=document.pk).update(**changes, updated_at=timezone.now())
        if again:
            requeue([document.pk])
        document.refresh_from_db()
        indexed = {*changes, "year"} - {"title", "metadata"}  # columns of the lexical index
        if document.version and any(getattr(document, n) != getattr(stored, n) for n in indexed):
            log_changes(ChangeLogEntry.Kind.PUBLISHED, [document.pk])
    return document


def document_ids(documents: QuerySet[Document] | Iterable[Document]) -> list[Any]:
    if isinstance(documents, QuerySet):
        return list(documents.order_by("created_at").values_list("pk", flat=True))
    return [document.pk for document in documents]
