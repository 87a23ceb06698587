"""Changes of a collection and what they do to its documents: make, move, cut again, delete."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from documents.auth import record_event
from documents.errors import ConfirmationMissing, QueueUnavailable
from documents.ingestion import check_queue_reachable, lock_changes, log_changes
from documents.library.reindex import AT_ONCE, Documents, document_ids, requeue
from documents.library.trash import lock_families, purge_documents
from documents.models import (
    AuditEvent,
    ChangeLogEntry,
    Collection,
    CollectionMember,
    Document,
    Role,
)
from documents.models.permissions import Caller
from documents.models.ranking_settings import WEIGHT_FIELDS

Action = AuditEvent.Action
# What a collection says of how its documents are cut.
CHUNKING_FIELDS = ("chunk_tokens", "chunk_overlap")
# What it says of how their words are indexed.
INDEXED_FIELDS = ("language", *WEIGHT_FIELDS)
AUDIENCE_FIELDS = ("visibility", "internal_role")
TRIES = 3


def leads_to_wider_audience(documents: Documents, collection: Collection) -> bool:
    """Whether moving the documents there lets more people see one of them."""
    rows = Document.objects.filter(pk__in=document_ids(documents))
    origins = Collection.objects.filter(pk__in=rows.order_by().values("collection"))
    return any(collection.is_wider_than(origin) for origin in origins)


def move_documents(
    documents: Documents, collection: Collection, by: Caller | None, *, confirmed: bool = False
) -> int:
    """Put documents with their children into another collection, cut as that one says.

    Returns how many were moved, children not counted. What that collection holds already, be it in
    its trash, stays where it is. Raises ConfirmationMissing where more people would see one and
    that was not `confirmed`, and QueueUnavailable.
    """
    check_queue_reachable()
    if not confirmed and leads_to_wider_audience(documents, collection):
        raise ConfirmationMissing("wider_audience", collection=collection.name)
    ids = document_ids(documents)
    return sum(
        _move(ids[first : first + AT_ONCE], collection, by) for first in range(0, len(ids), AT_ONCE)
    )


def _move(ids: list[Any], collection: Collection, by: Caller | None) -> int:
    """Once more where an upload brought the same meanwhile: then it is seen, and left alone."""
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                lock_changes()
                return _moved(ids, collection, by)
        except IntegrityError as error:
            problem = error
    raise QueueUnavailable("collection_changed") from problem


def _moved(ids: list[Any], collection: Collection, by: Caller | None) -> int:
    family = [one for one in lock_families(ids, deleted_at=None) if one.collection != collection]
    there = collection.documents.filter(external_id__in=[one.external_id for one in family])
    taken = set(there.values_list("external_id", flat=True))
    roots: dict[Any, Document] = {}
    for one in family:
        if one.parent_id is None and one.external_id not in taken:
            taken.add(one.external_id)
            roots[one.pk] = one
    moving = [one for one in family if (one.parent_id or one.pk) in roots]
    again = [one.pk for one in moving if _cut_otherwise(one.collection, collection)]
    chosen = Document.objects.filter(pk__in=[one.pk for one in moving])
    chosen.update(collection=collection, updated_at=timezone.now())
    log_changes(ChangeLogEntry.Kind.PUBLISHED, [one.pk for one in moving if one.version])
    requeue(again)
    for root in roots.values():
        _record_move(root, collection, by)
    return len(roots)


def _cut_otherwise(one: Collection, other: Collection) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in CHUNKING_FIELDS)


def _record_move(document: Document, target: Collection, by: Caller | None) -> None:
    origin = document.collection
    places = {"from_collection": origin.slug, "to_collection": target.slug}
    wider = target.is_wider_than(origin)
    record_event(Action.DOCUMENT_MOVED, by, document, **places, wider_audience=wider)


def create_collection(collection: Collection, by: Caller | None) -> Collection:
    """Save a new collection; whoever makes it owns it."""
    with transaction.atomic():
        collection.save(force_insert=True)
        if by is not None and by.pk:
            CollectionMember.objects.create(collection=collection, user_id=by.pk, role=Role.OWNER)
        visibility = str(collection.visibility)
        record_event(Action.COLLECTION_CREATED, by, collection, visibility=visibility)
    return collection


def opens_to_more_people(collection: Collection) -> bool:
    """Whether saving the collection as it is lets more people see a document of it."""
    stored = Collection.objects.get(pk=collection.pk)
    return collection.is_wider_than(stored) and stored.documents.exists()


def save_collection(collection: Collection, by: Caller | None, *, confirmed: bool = False) -> None:
    """Save a changed collection. Cut otherwise, its documents are made anew; in another language
    or with other weights of fields, their words are indexed anew.

    Raises ConfirmationMissing where more people would see its documents and that was not
    `confirmed`, and QueueUnavailable if the work cannot be queued; nothing is changed then.
    """
    if not confirmed and opens_to_more_people(collection):
        raise ConfirmationMissing("wider_visibility", collection=collection.name)
    stored = Collection.objects.get(pk=collection.pk)
    cut = _cut_otherwise(stored, collection)
    if cut:
        check_queue_reachable()
    with transaction.atomic():
        collection.save()
        _record_changes(stored, collection, by)
        if any(getattr(stored, name) != getattr(collection, name) for name in INDEXED_FIELDS):
            lock_changes()
            searched = collection.documents.published()
            log_changes(ChangeLogEntry.Kind.PUBLISHED, document_ids(searched))
        if cut:
            requeue(document_ids(collection.documents.all()))


def _record_changes(stored: Collection, collection: Collection, by: Caller | None) -> None:
    """One event for who may see it, one for all else; none where nothing changed."""
    changed: dict[str, Any] = {
        field.name: [getattr(stored, field.name), getattr(collection, field.name)]
        for field in Collection._meta.concrete_fields
        if getattr(stored, field.name) != getattr(collection, field.name)
    }
    audience = {name: changed.pop(name) for name in AUDIENCE_FIELDS if name in changed}
    if audience:
        record_event(Action.VISIBILITY_CHANGED, by, collection, **audience)
    if changed:
        record_event(Action.COLLECTION_CHANGED, by, collection, **changed)


def delete_collection(
    collection: Collection, by: Caller | None, *, confirmed_name: str | None = None
) -> None:
    """Delete a collection with all its documents, those in the trash too: so many at a time that
    others publish between.

    Raises ConfirmationMissing where it holds documents and `confirmed_name` is not its name. Call
    it outside a transaction. Where it is cut off, what is left is still the collection's.
    """
    count = collection.documents.count()
    if count and confirmed_name != collection.name:
        raise ConfirmationMissing("collection_not_named", name=collection.name, documents=count)
    purge_documents(collection.documents.all(), by, audit=False)
    with transaction.atomic():
        lock_changes()  # first, as in every transaction that moves documents
        # The row's lock keeps uploads out, and the documents that came meanwhile go with it.
        Collection.objects.select_for_update().filter(pk=collection.pk).first()
        purge_documents(collection.documents.all(), by, audit=False)
        record_event(Action.COLLECTION_DELETED, by, collection, documents=count)
        collection.delete()
