"""Changes of collections with their effects on documents: moving, reindexing, deletion."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from documents.errors import QueueUnavailable
from documents.ingestion import check_queue_reachable, lock_changes, log_changes
from documents.library.uploads import AT_ONCE, delete_documents, document_ids, requeue
from documents.models import ChangeLogEntry, Collection, Document

# The fields that decide the passages of a collection's documents.
CHUNKING_FIELDS = ("chunk_tokens", "chunk_overlap")
TRIES = 3


def move_documents(
    documents: QuerySet[Document] | Iterable[Document], collection: Collection
) -> int:
    """Move documents into another collection, with its passage size. Returns how many moved.

    A document that the target holds already does not move. Raises QueueUnavailable.
    """
    check_queue_reachable()
    ids = document_ids(documents)
    return sum(
        _move(ids[first : first + AT_ONCE], collection) for first in range(0, len(ids), AT_ONCE)
    )


def _move(ids: list[Any], collection: Collection) -> int:
    """Retry once if a concurrent upload stored the same document in the target."""
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
    """Save a collection. A new passage size reindexes its documents; a new language only puts
    their words into the lexical index again.

    Raises QueueUnavailable, with nothing changed, if the work cannot be queued.
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
    """Delete a collection with its documents, in parts, so that others can publish in between.

    Call it outside a transaction. If it is interrupted, the collection keeps the rest.
    """
    delete_documents(collection.documents.all())
    with transaction.atomic():
        lock_changes()  # first, as in every transaction that moves documents
        # The row's lock keeps uploads out, and the documents that came meanwhile go with it.
        Collection.objects.select_for_update().filter(pk=collection.pk).first()
        delete_documents(collection.documents.all())
        collection.delete()
