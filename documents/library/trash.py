"""The trash: documents moved there, restored, and deleted for good.

A document goes with its children, and never without its parent: functions that are given children
alone pass them over.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from documents import storage
from documents.auth import record_event
from documents.ingestion import (
    check_queue_reachable,
    delete_published,
    enqueue_documents,
    lock_changes,
    log_changes,
)
from documents.library.reindex import AT_ONCE, Documents, document_ids, reset_to_queued
from documents.models import AuditEvent, ChangeLogEntry, Document
from documents.models.permissions import Caller

Action = AuditEvent.Action
# Nothing is published while these are deleted.
DELETED_AT_ONCE = 100
FINISHED = (Document.State.INDEXED, Document.State.FAILED)


def trash_documents(documents: Documents, by: Caller | None, *, at: datetime | None = None) -> int:
    """Hide documents from everybody until they are restored or purged. Returns how many.

    Searches stop finding them at once, and work on them stops; passages and vectors stay. `at` is
    the time that those trashed together share.
    """
    at = at or timezone.now()
    return sum(_trash(batch, by, at) for batch in _batches(document_ids(documents), AT_ONCE))


@transaction.atomic
def _trash(ids: list[Any], by: Caller | None, at: datetime) -> int:
    lock_changes()
    family = lock_families(ids, deleted_at=None)
    chosen = Document.objects.filter(pk__in=[one.pk for one in family])
    reset_to_queued([one.pk for one in family if one.state not in FINISHED])
    actor = by.pk if by is not None and by.is_authenticated else None
    chosen.update(deleted_at=at, deleted_by=actor, updated_at=timezone.now())
    log_changes(ChangeLogEntry.Kind.DELETED, [one.pk for one in family if one.version])
    return _record(Action.DOCUMENT_DELETED, by, family)


def restore_documents(documents: Documents, by: Caller | None, *, enqueue: bool = True) -> int:
    """Take documents out of the trash: they are found at once, as they were. Returns how many.

    What was still being worked on is queued again. Raises QueueUnavailable.
    """
    check_queue_reachable(broker=enqueue)
    batches = _batches(document_ids(documents), AT_ONCE)
    return sum(_restore(batch, by, enqueue) for batch in batches)


@transaction.atomic
def _restore(ids: list[Any], by: Caller | None, enqueue: bool) -> int:
    lock_changes()
    family = lock_families(ids, deleted_at__isnull=False)
    chosen = Document.objects.filter(pk__in=[one.pk for one in family])
    chosen.update(deleted_at=None, deleted_by=None, updated_at=timezone.now())
    log_changes(ChangeLogEntry.Kind.PUBLISHED, [one.pk for one in family if one.version])
    waiting = [one.pk for one in family if one.state not in FINISHED]
    if enqueue and waiting:
        chosen.filter(pk__in=waiting).update(queued_at=timezone.now())
        transaction.on_commit(lambda: enqueue_documents(waiting))
    return _record(Action.DOCUMENT_RESTORED, by, family)


def purge_documents(documents: Documents, by: Caller | None = None, *, audit: bool = True) -> int:
    """Delete documents, all that was made of them, and originals that none needs any more.

    Returns how many. Without `audit` the caller records what it deletes as a whole.
    """
    batches = _batches(document_ids(documents), DELETED_AT_ONCE)
    return sum(_purge(batch, by, audit) for batch in batches)


@transaction.atomic
def _purge(ids: list[Any], by: Caller | None, audit: bool) -> int:
    lock_changes()
    family = lock_families(ids)
    delete_published([one.pk for one in family])
    for sha256 in {one.content_hash for one in family}:
        # Robust: where a file cannot be deleted now, the sweep of originals comes by it.
        transaction.on_commit(lambda h=sha256: storage.delete_unused_original(h), robust=True)  # type: ignore[misc]
    if audit:
        return _record(Action.DOCUMENT_PURGED, by, family)
    return sum(one.parent_id is None for one in family)


def purge_expired() -> int:
    """Purge what has been in the trash for more than TRASH_DAYS. Returns how many."""
    before = timezone.now() - timedelta(days=settings.TRASH_DAYS)
    return purge_documents(Document.objects.filter(deleted_at__lt=before))


def lock_families(ids: Sequence[uuid.UUID], **condition: Any) -> list[Document]:
    """Those documents that are no child, with all their children, their rows locked."""
    family = Q(pk__in=ids, parent=None) | Q(parent__in=ids)
    rows = Document.objects.filter(family, **condition)
    # In the order of `Document.Meta`, as all do who lock several.
    list(rows.select_for_update(of=("self",)).values_list("pk"))
    # Once more: a child may have come just before the lock, and none comes after it.
    return list(rows.select_for_update(of=("self",)).select_related("collection"))


def _record(action: AuditEvent.Action, by: Caller | None, family: Sequence[Document]) -> int:
    """One event for each document that is no child; returns how many."""
    roots = [one for one in family if one.parent_id is None]
    for root in roots:
        children = sum(one.parent_id == root.pk for one in family)
        slug = root.collection.slug
        record_event(action, by, root, collection=slug, children=children)
    return len(roots)


def _batches(ids: list[Any], size: int) -> list[list[Any]]:
    return [ids[first : first + size] for first in range(0, len(ids), size)]
