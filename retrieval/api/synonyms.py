"""Synonyms over REST: of a collection for its editors, of the installation for staff."""

from typing import Any

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api.errors import Conflict
from documents.api.fields import StrictSerializer
from documents.api.schema import responses
from documents.auth import access
from documents.models import Collection, TokenScope
from retrieval.curation import (
    SynonymError,
    SynonymsChanged,
    may_edit_installation,
    save_synonyms,
    stored_synonyms,
)
from retrieval.models import SynonymList
from retrieval.query import LONGEST_LIST

NOT_STAFF = "Only staff may see and change the synonyms of the installation."
RULES_HELP = (
    "One rule a line. “car, automobile, motor car”: each finds the others. “gp => general "
    "practitioner”: the left finds the right, too. A line that begins with # is a comment."
)


class SynonymsSerializer(StrictSerializer):
    rules = serializers.CharField(
        allow_blank=True, max_length=LONGEST_LIST, trim_whitespace=False, help_text=RULES_HELP
    )
    version = serializers.UUIDField(
        required=False,
        help_text="Another one after each change. Sent back, it makes sure that nobody has changed "
        "the rules since they were read.",
    )
    changed_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="Null where there have never been any."
    )


class InstallationSynonymsView(APIView):
    permission_classes = [IsAuthenticated]
    token_scopes = {
        "GET": TokenScope.ADMIN, "PUT": TokenScope.ADMIN, "DELETE": TokenScope.ADMIN,
    }  # fmt: skip

    @extend_schema(
        operation_id="getInstallationSynonyms",
        responses=responses({200: SynonymsSerializer}, 401, 403),
    )
    def get(self, request: Request) -> Response:
        """The synonyms that apply in every collection; for staff."""
        _check_staff(request)
        return _shown(stored_synonyms(None))

    @extend_schema(
        operation_id="setInstallationSynonyms",
        request=SynonymsSerializer,
        responses=responses({200: SynonymsSerializer}, 400, 401, 403, 409),
    )
    def put(self, request: Request) -> Response:
        """Replace the synonyms that apply in every collection; for staff.

        409: they are of another version than the one that was sent.
        """
        _check_staff(request)
        return _replaced(request, None)

    @extend_schema(
        operation_id="deleteInstallationSynonyms", responses=responses({204: None}, 401, 403)
    )
    def delete(self, request: Request) -> Response:
        """Delete all synonyms that apply in every collection; for staff."""
        _check_staff(request)
        save_synonyms(None, "", request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class CollectionSynonymsView(APIView):
    permission_classes = [IsAuthenticated]
    token_scopes = {
        "GET": TokenScope.READ, "PUT": TokenScope.WRITE, "DELETE": TokenScope.WRITE,
    }  # fmt: skip

    @extend_schema(
        operation_id="getSynonyms", responses=responses({200: SynonymsSerializer}, 401, 403, 404)
    )
    def get(self, request: Request, slug: str) -> Response:
        """The synonyms of a collection, which find its documents alone; for editors."""
        return _shown(stored_synonyms(access.edited_collection(request.user, slug)))

    @extend_schema(
        operation_id="setSynonyms",
        request=SynonymsSerializer,
        responses=responses({200: SynonymsSerializer}, 400, 401, 403, 404, 409),
    )
    def put(self, request: Request, slug: str) -> Response:
        """Replace the synonyms of a collection; for editors.

        409: they are of another version than the one that was sent.
        """
        return _replaced(request, access.edited_collection(request.user, slug))

    @extend_schema(operation_id="deleteSynonyms", responses=responses({204: None}, 401, 403, 404))
    def delete(self, request: Request, slug: str) -> Response:
        """Delete all synonyms of a collection; for editors."""
        save_synonyms(access.edited_collection(request.user, slug), "", request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _check_staff(request: Request) -> None:
    if not may_edit_installation(request.user):
        raise PermissionDenied(NOT_STAFF)


def _shown(stored: SynonymList) -> Response:
    return Response(SynonymsSerializer(stored).data)


def _replaced(request: Request, collection: Collection | None) -> Response:
    given = SynonymsSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    said: dict[str, Any] = given.validated_data
    version = str(said["version"]) if "version" in said else None
    try:
        stored = save_synonyms(collection, said["rules"], request.user, based_on=version)
    except SynonymError as problem:
        raise ValidationError({"rules": list(map(str, problem.messages))}) from problem
    except SynonymsChanged as problem:
        raise Conflict(str(problem)) from problem
    return _shown(stored)
