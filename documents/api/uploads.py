"""Requests for a new document and for a change of one."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404
from django.utils.functional import lazy
from rest_framework import serializers
from rest_framework.request import Request

from documents.api.errors import Conflict
from documents.api.fields import MetadataField, QuerySerializer, StrictSerializer
from documents.api.filters import unknown_collection
from documents.api.serializers import LANGUAGE, METADATA_HELP
from documents.auth import access
from documents.extraction import listed_formats
from documents.library import UploadResult, add_file, add_text, move_documents, update_document
from documents.messages import Message, alternatives
from documents.models import Collection, Document

DEFAULT_COLLECTION = "documents"  # where uploads go that name no collection; made on first use


class UploadSerializer(StrictSerializer):
    """Either a `file`, or a `text` with its `title`."""

    file = serializers.FileField(
        required=False,
        allow_empty_file=True,
        help_text=lazy(
            lambda: f"The original: {alternatives(listed_formats())}; only in a multipart form.",
            str,
        )(),
        error_messages={
            "invalid": "Send the file as multipart/form-data (curl -F file=@report.pdf)."
        },
    )
    title = serializers.CharField(
        required=False, max_length=500, help_text="“Annual report”; of a file: its own by default."
    )
    text = serializers.CharField(
        required=False,
        trim_whitespace=False,
        help_text="Plain text, instead of a file.",
        error_messages={"blank": "The text is empty."},
    )
    collection = serializers.SlugField(
        default=DEFAULT_COLLECTION,
        max_length=200,
        help_text="The slug of a collection.",
    )
    metadata = MetadataField(required=False, help_text=METADATA_HELP)
    source = serializers.CharField(  # type: ignore[assignment]
        required=False,
        allow_blank=True,
        max_length=2000,
        help_text="Where it comes from: “https://example.org/report”.",
    )
    language = serializers.RegexField(
        LANGUAGE,
        required=False,
        help_text="A code of ISO 639, “en”; the collection's when absent.",
        error_messages={"invalid": "Give the language as a code of two or three letters: “en”."},
    )

    def validate_text(self, text: str) -> str:
        if not text.strip():
            raise serializers.ValidationError("The text is empty.")
        return text

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("file" in attrs) == ("text" in attrs):
            raise serializers.ValidationError("Send either a file, or a title and a text.")
        if "text" in attrs and "title" not in attrs:
            raise serializers.ValidationError({"title": ["Give the text a title."]})
        if len(_files(self.initial_data)) > 1:
            raise serializers.ValidationError({"file": ["Send one file in each request."]})
        return attrs


def _files(data: Any) -> list[Any]:
    values = data.getlist("file") if hasattr(data, "getlist") else []
    return [value for value in values if isinstance(value, UploadedFile)]


class DocumentChangeSerializer(StrictSerializer):
    """The fields that can be changed. New metadata replaces all of the old."""

    title = serializers.CharField(required=False, max_length=500, help_text="“Annual report”.")
    metadata = MetadataField(required=False, help_text=METADATA_HELP)
    collection = serializers.SlugField(
        required=False, max_length=200, help_text="The slug of the collection to move it to."
    )
    confirm = serializers.BooleanField(
        default=False, help_text="Move it though more people will see it then."
    )


def target_collection(request: Request, slug: str) -> Collection:
    """The collection that an upload or a move names.

    Raises ValidationError where the caller sees none of that name, PermissionDenied where they
    may only read it.
    """
    if slug == DEFAULT_COLLECTION:
        Collection.objects.default()
    try:
        return access.open_collection(request.user, slug)
    except Http404 as error:
        raise serializers.ValidationError({"collection": [unknown_collection(slug)]}) from error


class DeletionParameters(QuerySerializer):
    permanent = serializers.BooleanField(
        default=False, help_text="Delete it for good, be it in the trash or not; for editors."
    )


def change(request: Request, document: Document, values: dict[str, Any]) -> Document:
    """The document as it is after the changes that the caller asks for and may make.

    Raises ValidationError, PermissionDenied, Conflict, ConfirmationMissing, IntakeError and
    QueueUnavailable.
    """
    confirmed = values.pop("confirm")
    slug = values.pop("collection", document.collection.slug)
    if slug != document.collection.slug:
        _move(request, document, target_collection(request, slug), confirmed)
    if values:
        update_document(document, **values)
    return Document.objects.select_related("collection").get(pk=document.pk)


def _move(request: Request, document: Document, target: Collection, confirmed: bool) -> None:
    refuse_child(document)
    movable = Document.objects.movable_by(request.user, target).filter(pk=document.pk)
    if not movable.exists():
        raise PermissionDenied("Only an editor of both collections may move another's document.")
    if not move_documents(movable, target, request.user, confirmed=confirmed):
        raise Conflict(f"The collection “{target.name}” holds this document already.")


def refuse_child(document: Document) -> None:
    """Raises Conflict for a part of another document, which goes with that one only."""
    if document.parent_id is not None:
        raise Conflict(str(Message("moves_with_parent")))


def take(request: Request) -> UploadResult:
    """Store and queue the document of the request. Raises ValidationError, PermissionDenied,
    IntakeError and QueueUnavailable, each before anything is stored.
    """
    upload = UploadSerializer(data=request.data)
    upload.is_valid(raise_exception=True)
    values = upload.validated_data
    collection = target_collection(request, values.pop("collection"))
    values["user"] = request.user
    if (file := values.pop("file", None)) is not None:
        return add_file(collection, file, file.name, **values)
    return add_text(collection, values.pop("title"), values.pop("text"), **values)
