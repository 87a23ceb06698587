"""Collections and their members: reading for those who may, changing for owners."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api.errors import Conflict
from documents.api.fields import QuerySerializer
from documents.api.schema import responses
from documents.api.serializers import (
    CollectionChangeSerializer,
    CollectionSerializer,
    MemberChangeSerializer,
    MemberSerializer,
)
from documents.auth import access
from documents.library import change_member, delete_collection, remove_member
from documents.models import Collection, CollectionMember, TokenScope
from documents.models.permissions import may_create_collections


class DeletionConfirmation(QuerySerializer):
    confirm = serializers.CharField(
        required=False,
        max_length=200,
        help_text="The name of the collection; asked for while it holds documents.",
    )


class MemberRemoval(QuerySerializer):
    confirm = serializers.BooleanField(
        default=False, help_text="Remove the member though the collection has no owner then."
    )


class CollectionsView(APIView):
    token_scopes = {"GET": TokenScope.READ, "POST": TokenScope.ADMIN}

    @extend_schema(
        operation_id="listCollections",
        responses=responses({200: CollectionSerializer(many=True)}),
    )
    def get(self, request: Request) -> Response:
        """All collections that the caller may see, by name."""
        listed = Collection.objects.listed_for(request.user)
        return Response(CollectionSerializer(_counted(listed), many=True).data)

    @extend_schema(
        operation_id="createCollection",
        request=CollectionSerializer,
        responses=responses({201: CollectionSerializer}, 400, 401, 403, 409),
    )
    def post(self, request: Request) -> Response:
        """A new collection, which the caller owns. COLLECTION_CREATORS says who may make one."""
        if not may_create_collections(request.user):
            raise PermissionDenied("Only staff may make a collection here.")
        serializer = CollectionSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        made = _save(serializer)
        return Response(_represent(made), status.HTTP_201_CREATED)


class CollectionView(APIView):
    token_scopes = {
        "GET": TokenScope.READ,
        "PATCH": TokenScope.ADMIN,
        "DELETE": TokenScope.ADMIN,
    }

    @extend_schema(
        operation_id="getCollection", responses=responses({200: CollectionSerializer}, 404)
    )
    def get(self, request: Request, slug: str) -> Response:
        """One collection, by its slug."""
        return Response(_represent(access.listed_collection(request.user, slug)))

    @extend_schema(
        operation_id="changeCollection",
        request=CollectionChangeSerializer,
        responses=responses({200: CollectionSerializer}, 400, 401, 403, 404, 409),
    )
    def patch(self, request: Request, slug: str) -> Response:
        """Change some fields; for owners. Another language or size of passage re-indexes it all.

        409: more people would see its documents then, and `confirm` is not true.
        """
        collection = access.changeable_collection(request.user, slug)
        serializer = CollectionChangeSerializer(
            collection, data=request.data, partial=True, context={"request": request}
        )
        serializer.is_valid(raise_exception=True)
        changed = _save(serializer)
        return Response(_represent(changed))

    @extend_schema(
        operation_id="deleteCollection",
        parameters=[DeletionConfirmation],
        responses=responses({204: None}, 400, 401, 403, 404, 409),
    )
    def delete(self, request: Request, slug: str) -> Response:
        """Delete the collection with all its documents, for good; for owners.

        409: it holds documents, be it in the trash, and `confirm` is not its name.
        """
        collection = access.deletable_collection(request.user, slug)
        confirmed = DeletionConfirmation.read(request).get("confirm")
        delete_collection(collection, request.user, confirmed_name=confirmed)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MembersView(APIView):
    permission_classes = [IsAuthenticated]
    token_scopes = {"GET": TokenScope.ADMIN, "POST": TokenScope.ADMIN}

    @extend_schema(
        operation_id="listMembers",
        responses=responses({200: MemberSerializer(many=True)}, 401, 403, 404),
    )
    def get(self, request: Request, slug: str) -> Response:
        """The users and groups with a role in the collection; for owners."""
        collection = access.collection_of_members(request.user, slug)
        members = collection.members.select_related("user", "group")
        return Response(MemberSerializer(members.order_by("pk"), many=True).data)

    @extend_schema(
        operation_id="addMember",
        request=MemberSerializer,
        responses=responses({201: MemberSerializer}, 400, 401, 403, 404, 409),
    )
    def post(self, request: Request, slug: str) -> Response:
        """Give one more user or group a role; for owners."""
        collection = access.collection_of_members(request.user, slug)
        context = {"collection": collection, "request": request}
        serializer = MemberSerializer(data=request.data, context=context)
        serializer.is_valid(raise_exception=True)
        _save(serializer)
        return Response(serializer.data, status.HTTP_201_CREATED)


class MemberView(APIView):
    permission_classes = [IsAuthenticated]
    token_scopes = {"PATCH": TokenScope.ADMIN, "DELETE": TokenScope.ADMIN}

    @extend_schema(
        operation_id="changeMember",
        request=MemberChangeSerializer,
        responses=responses({200: MemberSerializer}, 400, 401, 403, 404, 409),
    )
    def patch(self, request: Request, slug: str, pk: int) -> Response:
        """Give a member another role; for owners.

        409: it is the last owner, and `confirm` is not true.
        """
        member = _member(request, slug, pk)
        given = MemberChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        role, confirmed = given.validated_data["role"], given.validated_data["confirm"]
        change_member(member, role, request.user, confirmed=confirmed)
        return Response(MemberSerializer(member).data)

    @extend_schema(
        operation_id="removeMember",
        parameters=[MemberRemoval],
        responses=responses({204: None}, 400, 401, 403, 404, 409),
    )
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        """Take the role from a user or group; for owners.

        409: it is the last owner, and `confirm` is not true.
        """
        member = _member(request, slug, pk)
        confirmed = MemberRemoval.read(request)["confirm"]
        remove_member(member, request.user, confirmed=confirmed)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _counted(collections: QuerySet[Collection]) -> QuerySet[Collection]:
    """With the number of documents, those in the trash apart."""
    live = Count("documents", filter=Q(documents__deleted_at=None))
    return collections.annotate(document_count=live).order_by("name")


def _represent(collection: Collection) -> Any:
    counted = _counted(Collection.objects.filter(pk=collection.pk)).get()
    return CollectionSerializer(counted).data


def _member(request: Request, slug: str, pk: int) -> CollectionMember:
    found = access.collection_of_members(request.user, slug).members.filter(pk=pk).first()
    if found is None:
        raise Http404("The collection lists no such member.")
    return found


def _save(serializer: Any) -> Any:
    """Raises Conflict when somebody else was faster with the same name."""
    try:
        with transaction.atomic():
            return serializer.save()
    except IntegrityError as error:
        raise Conflict("Somebody has just made the same one.") from error
