"""Changes of a collection and what they do to its documents: move, cut again, delete."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from documents.errors import QueueUnavailable
from documents.ingestion import check_queue_reachable, lock_changes, log_changes
from documents.library.uploads import AT_ONCE, delete_documents, document_ids, requeue
from documents.models import ChangeLogEntry, Collection, Document

# What a collection says of how its documents are cut.
CHUNKING_FIELDS = ("chunk_tokens", "chunk_overlap")
TRIES = 3


def move_documents(
    documents: QuerySet[Document] | Iterable[Document], collection: Collection
) -> int:
    """Put documents into another collection, cut as that one says. Returns how many were moved.

    What that collection holds already stays where it is. Raises QueueUnavailable.
    """
    check_queue_reachable()
    ids = document_ids(documents)
    return sum(
        _move(ids[first : first + AT_ONCE], collection) for first in range(0, len(ids), AT_ONCE)
    )


def _move(ids: list[Any], collection: Collection) -> int:
    """Once more where an upload brought the same meanwhile: then it is seen, and left alone."""
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                lock_changes()
                return _moved(ids, collection)
        except IntegrityError as error:
            problem = error
    raise QueueUnavailable("collection_changed") from problem


def _moved(ids: list[Any], collection: Collection) -> int:
    rows = Document.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    there = collection.documents.filter(external_id__in=rows.values("external_id")).values_list(
        "external_id", flat=True
    )
    taken, moving, again = set(there), [], []
    for document in rows.exclude(collection=collection).select_related("collection"):
        if document.external_id in taken:
            continue
        taken.add(document.external_id)
        moving.append(document)
        if any(
            getattr(document.collection, name) != getattr(collection, name)
            for name in CHUNKING_FIELDS
        ):
            again.append(document.pk)
    chosen = Document.objects.filter(pk__in=[document.pk for document in moving])
    chosen.update(collection=collection, updated_at=timezone.now())
    log_changes(ChangeLogEntry.Kind.PUBLISHED, [d.pk for d in moving if d.version])
    requeue(again)
    return len(moving)


def save_collection(collection: Collection) -> None:
    """Save a collection. Cut otherwise, its documents are made anew; in another language, their
    words are indexed anew.

    Raises QueueUnavailable, with nothing changed, when that work cannot be queued.
    """
    stored = Collection.objects.filter(pk=collection.pk).first()
    cut = stored and any(
        getattr(stored, name) != getattr(collection, name) for name in CHUNKING_FIELDS
    )
    if cut:
        check_queue_reachable()
    with transaction.atomic():
        collection.save()
        if stored and stored.language != collection.language:
            lock_changes()
            searched = collection.documents.filter(version__gt=0)
            log_changes(ChangeLogEntry.Kind.PUBLISHED, document_ids(searched))
        if cut:
            requeue(document_ids(collection.documents.all()))


def delete_collection(collection: Collection) -> None:
    """Delete a collection with all its documents: so many at a time that others publish between.

    Call it outside a transaction. Where it is cut off, what is left is still the collection's.
    """
    delete_documents(collection.documents.all())
    with transaction.atomic():
        lock_changes()  # first, as whoever moves documents in has it first
        # The row's lock keeps uploads out, and the documents that came meanwhile go with it.
        Collection.objects.select_for_update().filter(pk=collection.pk).first()
        delete_documents(collection.documents.all())
        collection.delete()
