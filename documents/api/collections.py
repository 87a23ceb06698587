"""Collections and their members: callers read those they may see, staff change them."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api import permissions
from documents.api.errors import Conflict
from documents.api.schema import responses
from documents.api.serializers import CollectionSerializer, MemberSerializer
from documents.library import delete_collection
from documents.models import Collection, CollectionMember, TokenScope


class CollectionsView(APIView):
    permission_classes = [permissions.StaffWrites]
    token_scopes = {"GET": TokenScope.READ, "POST": TokenScope.ADMIN}

    @extend_schema(
        operation_id="listCollections",
        responses=responses({200: CollectionSerializer(many=True)}),
    )
    def get(self, request: Request) -> Response:
        """All collections that the caller may see, by name."""
        visible = Collection.objects.visible_to(request.user)
        return Response(CollectionSerializer(_counted(visible), many=True).data)

    @extend_schema(
        operation_id="createCollection",
        request=CollectionSerializer,
        responses=responses({201: CollectionSerializer}, 400, 401, 403, 409),
    )
    def post(self, request: Request) -> Response:
        """A new collection. For staff."""
        permissions.check_unlimited(request)
        serializer = CollectionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        made = _save(serializer)
        return Response(_represent(made), status.HTTP_201_CREATED)


class CollectionView(APIView):
    permission_classes = [permissions.StaffWrites]
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
        return Response(_represent(permissions.get_collection(request, slug)))

    @extend_schema(
        operation_id="changeCollection",
        request=CollectionSerializer,
        responses=responses({200: CollectionSerializer}, 400, 401, 403, 404, 409),
    )
    def patch(self, request: Request, slug: str) -> Response:
        """Change some fields. For staff. Another passage size reindexes all documents."""
        collection = permissions.get_collection(request, slug)
        serializer = CollectionSerializer(collection, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        changed = _save(serializer)
        return Response(_represent(changed))

    @extend_schema(operation_id="deleteCollection", responses=responses({204: None}, 401, 403, 404))
    def delete(self, request: Request, slug: str) -> Response:
        """Delete the collection with all its documents. For staff."""
        collection = permissions.get_collection(request, slug)
        delete_collection(collection)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MembersView(APIView):
    permission_classes = [IsAdminUser]
    token_scopes = {"GET": TokenScope.ADMIN, "POST": TokenScope.ADMIN}

    @extend_schema(
        operation_id="listMembers",
        responses=responses({200: MemberSerializer(many=True)}, 401, 403, 404),
    )
    def get(self, request: Request, slug: str) -> Response:
        """The users and groups that the collection lists. For staff."""
        members = permissions.get_collection(request, slug).members.select_related("user", "group")
        return Response(MemberSerializer(members.order_by("pk"), many=True).data)

    @extend_schema(
        operation_id="addMember",
        request=MemberSerializer,
        responses=responses({201: MemberSerializer}, 400, 401, 403, 404, 409),
    )
    def post(self, request: Request, slug: str) -> Response:
        """List one more user or group. For staff."""
        collection = permissions.get_collection(request, slug)
        serializer = MemberSerializer(data=request.data, context={"collection": collection})
        serializer.is_valid(raise_exception=True)
        _save(serializer, collection=collection)
        return Response(serializer.data, status.HTTP_201_CREATED)


class MemberView(APIView):
    permission_classes = [IsAdminUser]
    token_scopes = {"PATCH": TokenScope.ADMIN, "DELETE": TokenScope.ADMIN}

    @extend_schema(
        operation_id="changeMember",
        request=MemberSerializer,
        responses=responses({200: MemberSerializer}, 400, 401, 403, 404),
    )
    def patch(self, request: Request, slug: str, pk: int) -> Response:
        """Change the role of a user or group. For staff."""
        serializer = MemberSerializer(_member(request, slug, pk), data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)

    @extend_schema(operation_id="removeMember", responses=responses({204: None}, 401, 403, 404))
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        """Remove one user or group. For staff."""
        _member(request, slug, pk).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


def _counted(collections: QuerySet[Collection]) -> QuerySet[Collection]:
    """With the number of documents, counted apart from the joins that decide who may see them."""
    plain: QuerySet[Collection] = Collection.objects.filter(pk__in=collections.values("pk"))
    return plain.annotate(document_count=Count("documents")).order_by("name")


def _represent(collection: Collection) -> Any:
    counted = _counted(Collection.objects.filter(pk=collection.pk)).get()
    return CollectionSerializer(counted).data


def _member(request: Request, slug: str, pk: int) -> CollectionMember:
    found = permissions.get_collection(request, slug).members.filter(pk=pk).first()
    if found is None:
        raise Http404("The collection lists no such member.")
    return found


def _save(serializer: Any, **values: Any) -> Any:
    """Raises Conflict when somebody else was faster with the same name."""
    try:
        with transaction.atomic():
            return serializer.save(**values)
    except IntegrityError as error:
        raise Conflict("Somebody has just made the same one.") from error
