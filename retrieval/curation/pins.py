"""Documents that editors put first for a query."""

from django.db import transaction
from django.db.models import Max, QuerySet, Window
from django.db.models.functions import RowNumber

from documents.auth import record_event
from documents.errors import ReportedError
from documents.models import AuditEvent, Collection, Document
from documents.models.permissions import Caller
from retrieval.analysis import fold_letters
from retrieval.models import MAX_LOGGED_QUERY, Pin

MOST_PINS = 10  # of one query in one collection
MOST_OF_COLLECTION = 1000

Action = AuditEvent.Action
PLACE = {"place": Window(RowNumber(), partition_by="query", order_by=("position", "pk"))}


class PinError(ReportedError):
    """A document cannot be pinned for a query."""


def pinned_form(query: str) -> str:
    """The form in which queries are compared: without differences of case, accents and spaces; the
    words keep their order. Empty for a query that nothing can be pinned for."""
    folded = " ".join(fold_letters(query.replace("\0", " ")).split())
    return folded if len(folded) <= MAX_LOGGED_QUERY and any(map(str.isalnum, folded)) else ""


def pins_in(collection: Collection) -> QuerySet[Pin]:
    """The pins of a collection's documents, those in the trash apart, query by query in order; of
    each its `place` among those of its query."""
    live = Pin.objects.filter(document__collection=collection, document__deleted_at=None)
    return live.annotate(**PLACE).select_related("document")


def pin_in(collection: Collection, pk: int) -> Pin | None:
    """One of `pins_in`."""
    same = pins_in(collection).filter(query__in=Pin.objects.filter(pk=pk).values("query"))
    return next((one for one in same if one.pk == pk), None)  # a filter would make it the first


def pin_of(document: Document, query: str) -> Pin | None:
    """The pin of a document for a query, one of `pins_in`."""
    same = pins_in(document.collection).filter(query=pinned_form(query))
    return next((one for one in same if one.document_id == document.pk), None)


def pin_document(document: Document, query: str, by: Caller | None) -> Pin:
    """Put a document behind those of its collection that are pinned for the query; if it is one of
    them, it keeps its place. Raises PinError for a query without words, and for too many pins."""
    typed, form = " ".join(query.replace("\0", " ").split()), pinned_form(query)
    if not form or len(typed) > MAX_LOGGED_QUERY:
        raise PinError("pin_without_words", most=MAX_LOGGED_QUERY)
    with transaction.atomic():
        collection = _locked_collection(document)
        same = Pin.objects.filter(query=form)
        known = same.filter(document=document).first()
        if known is not None:
            return known
        here = pins_in(collection)
        if here.filter(query=form).count() >= MOST_PINS:
            raise PinError("pins_too_many", most=MOST_PINS)
        if here.count() >= MOST_OF_COLLECTION:
            raise PinError("pins_of_collection_too_many", most=MOST_OF_COLLECTION)
        last = same.aggregate(last=Max("position"))["last"] or 0
        author = by.pk if by is not None else None
        pin = Pin.objects.create(
            query=form, typed=typed, document=document, position=last + 1, user_id=author
        )
        record_event(Action.RESULT_PINNED, by, document, query=typed)
    return pin


def move_pin(pin: Pin, place: int, by: Caller | None) -> None:
    """Put a pin in a place, from 1, among those of its query in its collection. Those of other
    collections stay where they are."""
    with transaction.atomic():
        here = list(pins_in(_locked_collection(pin.document)).filter(query=pin.query))
        order = [one for one in here if one != pin]
        order.insert(place - 1, pin)
        if order == here:
            return
        for position, one in zip([one.position for one in here], order, strict=True):
            Pin.objects.filter(pk=one.pk).update(position=position)
        record_event(Action.RESULT_PINNED, by, pin.document, query=pin.typed, place=place)


def unpin(pin: Pin, by: Caller | None) -> None:
    """Take a pin away."""
    with transaction.atomic():
        gone, _ = Pin.objects.filter(pk=pin.pk).delete()
        if gone:
            record_event(Action.RESULT_UNPINNED, by, pin.document, query=pin.typed)


def _locked_collection(document: Document) -> Collection:
    """That of a document, locked: its pins change one after the other."""
    return Collection.objects.select_for_update(no_key=True).get(pk=document.collection_id)
