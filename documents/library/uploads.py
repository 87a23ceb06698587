"""Storing and changing documents, for pages, API, admin and commands."""

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DatabaseError, IntegrityError, InterfaceError, transaction
from django.utils import timezone

from documents import storage
from documents.errors import CollectionDeleted, IntakeError, QueueUnavailable, QuotaExceeded
from documents.ingestion import (
    DATABASE_UNAVAILABLE,
    check_queue_reachable,
    enqueue_documents,
    lock_changes,
    log_changes,
)
from documents.library.quotas import check_quotas
from documents.library.reindex import requeue, reset_to_queued
from documents.library.trash import restore_documents
from documents.models import ChangeLogEntry, Collection, Document

__all__ = ["IntakeError", "QueueUnavailable", "UploadResult", "add_file", "add_text"]

# The content type of a text that the API was sent, which needs no detection.
TEXT_MIME = "text/plain"


@dataclass(frozen=True)
class UploadResult:
    """The document of an upload, and whether it is new or came back from the trash."""

    document: Document
    created: bool
    restored: bool = False


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
    parent: Document | None = None,
    enqueue: bool = True,
) -> UploadResult:
    """Store a file and queue it. The same bytes (or `external_id`) are the same document.

    A failed duplicate is queued again, one in the trash restored; other bytes under the same
    external id replace the old version. `parent` is for `add_child`. With `enqueue=False` the
    caller queues it. Raises IntakeError for a file that cannot be accepted (CollectionDeleted if
    its collection was deleted meanwhile, QuotaExceeded if the `user` may store no more), and
    QueueUnavailable, with nothing stored, if database or broker cannot be reached or the disk is
    full.
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
        "parent": parent,
    }
    draft = storage.write_draft(file)
    with _kept(draft, collection):
        external_id = _key(external_id or draft.sha256, parent)
        return _record(collection, draft, external_id, fields, enqueue)


def _key(external_id: str, parent: Document | None) -> str:
    """Of two mails with the same attachment each has its own."""
    return external_id if parent is None else f"{parent.pk}/{external_id}"[:200]


def add_child(
    parent: Document, file: storage.Readable, filename: str, **options: Any
) -> UploadResult:
    """Keep a part of a document, such as a mail's attachment, as a document of its own.

    It is whose the parent is and in the parent's collection; what a child holds is a child of the
    same parent. Takes the options of `add_file`.
    """
    parent = parent.parent or parent
    options |= {"user": parent.uploaded_by, "parent": parent}
    return add_file(parent.collection, file, filename, **options)


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
    if document.deleted_at is not None and document.parent_id is None:
        restored = restore_documents([document], fields["uploaded_by"], enqueue=enqueue)
        again = _record(collection, draft, external_id, fields, enqueue)
        return replace(again, restored=bool(restored))  # else it was purged meanwhile
    if not created and document.content_hash != draft.sha256:
        _replace(document, fields)
    elif not created and document.state == Document.State.FAILED:
        reset_to_queued([document.pk])
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
    reset_to_queued([document.pk])
    document.refresh_from_db()
    transaction.on_commit(lambda: storage.delete_unused_original(former))


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
