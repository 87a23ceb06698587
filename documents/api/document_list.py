"""The list of documents: its parameters, and one page of it."""

from typing import Any

from django.db.models import Q
from rest_framework import serializers
from rest_framework.request import Request

from documents.api.filters import FilterParameters
from documents.api.serializers import DocumentSerializer
from documents.models import Document
from documents.models.permissions import DocumentQuerySet

LARGEST_PAGE = 200
LAST_PAGE = 1_000_000


class ListParameters(FilterParameters):
    page = serializers.IntegerField(
        default=1, min_value=1, max_value=LAST_PAGE, help_text="Counted from 1."
    )
    page_size = serializers.IntegerField(
        default=50, min_value=1, max_value=LARGEST_PAGE, help_text=f"At most {LARGEST_PAGE}."
    )
    state = serializers.ListField(
        child=serializers.ChoiceField(choices=Document.State.choices),
        required=False,
        help_text="queued, extracting, embedding, indexed or failed; may be repeated.",
    )
    trash = serializers.BooleanField(
        default=False, help_text="The documents in the trash that the caller may restore, instead."
    )
    q = serializers.CharField(
        required=False,
        max_length=500,
        help_text="Part of the title, file name or source, in any case.",
    )


class DocumentListSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField(help_text="Documents on all pages.")
    page = serializers.IntegerField()
    page_size = serializers.IntegerField()
    results = DocumentSerializer(many=True)


def page_of_documents(request: Request) -> dict[str, Any]:
    """The page parameters for, newest first, as DocumentListSerializer; past the last it is empty.

    Raises ValidationError for a bad parameter.
    """
    parameters = ListParameters.read(request)
    number, size = parameters["page"], parameters["page_size"]
    if parameters["trash"]:
        found = Document.objects.restorable_by(request.user).filter(parent=None)
    else:
        found = Document.objects.visible_to(request.user)
    documents = _filtered(found, parameters)
    shown = documents.with_failed_children().select_related("collection")
    shown = shown.order_by("-created_at", "id")
    return {
        "total": documents.count(),
        "page": number,
        "page_size": size,
        "results": DocumentSerializer(shown[(number - 1) * size : number * size], many=True).data,
    }


def _filtered(documents: DocumentQuerySet, parameters: dict[str, Any]) -> DocumentQuerySet:
    fields = {"collection": "collection__slug__in", "type": "type__in", "state": "state__in"}
    chosen = {lookup: parameters[name] for name, lookup in fields.items() if parameters.get(name)}
    documents = documents.filter(**chosen)
    if words := parameters.get("q"):
        places = ("title__icontains", "filename__icontains", "source__icontains")
        any_place = Q()
        for place in places:
            any_place |= Q(**{place: words})
        documents = documents.filter(any_place)
    return documents
