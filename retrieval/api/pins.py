"""Pins over REST, for editors of a collection."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api.fields import StrictSerializer
from documents.api.schema import responses
from documents.auth import access
from documents.models import Collection, TokenScope
from retrieval.curation import MOST_PINS, PinError, move_pin, pin_document, pin_in, pins_in, unpin
from retrieval.models import MAX_LOGGED_QUERY, Pin

NO_PIN = "The collection has no such pin."


class PinnedDocumentSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()


class PinSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    query = serializers.CharField(source="typed", help_text="As the editor wrote it.")
    place = serializers.IntegerField(help_text="Among the pins of this query, from 1.")
    document = PinnedDocumentSerializer()
    created_at = serializers.DateTimeField()


class NewPinSerializer(StrictSerializer):
    query = serializers.CharField(
        max_length=MAX_LOGGED_QUERY,
        help_text="What people type; case, accents and spaces do not matter.",
    )
    document = serializers.UUIDField(help_text="The id of a document of the collection.")


class PinChangeSerializer(StrictSerializer):
    place = serializers.IntegerField(
        min_value=1, max_value=MOST_PINS, help_text="Among the pins of the query, from 1."
    )


class PinsView(APIView):
    permission_classes = [IsAuthenticated]
    token_scopes = {"GET": TokenScope.READ, "POST": TokenScope.WRITE}

    @extend_schema(
        operation_id="listPins",
        responses=responses({200: PinSerializer(many=True)}, 401, 403, 404),
    )
    def get(self, request: Request, slug: str) -> Response:
        """The documents of a collection that are pinned to queries, by query; for editors."""
        collection = access.edited_collection(request.user, slug)
        return Response(PinSerializer(pins_in(collection), many=True).data)

    @extend_schema(
        operation_id="pin",
        request=NewPinSerializer,
        responses=responses({201: PinSerializer}, 400, 401, 403, 404),
    )
    def post(self, request: Request, slug: str) -> Response:
        """Put a document first for a query, behind those that are pinned to it; for editors."""
        collection = access.edited_collection(request.user, slug)
        given = NewPinSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        document = collection.documents.live().filter(pk=given.validated_data["document"]).first()
        if document is None:
            raise ValidationError({"document": ["The collection has no such document."]})
        try:
            made = pin_document(document, given.validated_data["query"], request.user)
        except PinError as problem:
            raise ValidationError({"query": [str(problem)]}) from problem
        return Response(PinSerializer(_pin(collection, made.pk)).data, status.HTTP_201_CREATED)


class PinView(APIView):
    permission_classes = [IsAuthenticated]
    token_scopes = {"PATCH": TokenScope.WRITE, "DELETE": TokenScope.WRITE}

    @extend_schema(
        operation_id="movePin",
        request=PinChangeSerializer,
        responses=responses({200: PinSerializer}, 400, 401, 403, 404),
    )
    def patch(self, request: Request, slug: str, pk: int) -> Response:
        """Put a pin in another place among those of its query; for editors."""
        collection = access.edited_collection(request.user, slug)
        pin = _pin(collection, pk)
        given = PinChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        move_pin(pin, given.validated_data["place"], request.user)
        return Response(PinSerializer(_pin(collection, pk)).data)

    @extend_schema(operation_id="unpin", responses=responses({204: None}, 401, 403, 404))
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        """Take a pin away; for editors."""
        unpin(_pin(access.edited_collection(request.user, slug), pk), request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _pin(collection: Collection, pk: int) -> Pin:
    found = pin_in(collection, pk)
    if found is None:
        raise Http404(NO_PIN)
    return found
