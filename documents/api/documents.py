"""Documents: upload, list, read, change, delete, follow."""

from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api.document_list import DocumentListSerializer, ListParameters, page_of_documents
from documents.api.errors import Conflict
from documents.api.schema import responses
from documents.api.serializers import (
    DocumentSerializer,
    DocumentStateSerializer,
)
from documents.api.texts import TextParameters, TextSerializer, part_of_text
from documents.api.uploads import (
    DeletionParameters,
    DocumentChangeSerializer,
    UploadSerializer,
    change,
    refuse_child,
    take,
)
from documents.auth import access
from documents.library import (
    purge_documents,
    restore_documents,
    retry_documents,
    trash_documents,
)
from documents.models import Document, TokenScope


class DocumentsView(APIView):
    token_scopes = {"GET": TokenScope.READ, "POST": TokenScope.WRITE}

    @extend_schema(
        operation_id="listDocuments",
        parameters=[ListParameters],
        responses=responses({200: DocumentListSerializer}, 400, 401),
    )
    def get(self, request: Request) -> Response:
        """The documents that the caller may see, newest first; or what they may restore."""
        return Response(page_of_documents(request))

    @extend_schema(
        operation_id="addDocument",
        request={"multipart/form-data": UploadSerializer, "application/json": UploadSerializer},
        responses=responses(
            {200: DocumentSerializer, 202: DocumentSerializer}, 400, 401, 403, 409, 413, 429, 507
        ),
    )
    def post(self, request: Request) -> Response:
        """Upload a file, or send a text.

        202: queued; 200: the collection has these bytes already, and here is their document, taken
        out of the trash if it was there.
        """
        result = take(request)
        document = result.document
        return Response(
            DocumentSerializer(document).data,
            status.HTTP_202_ACCEPTED if result.created else status.HTTP_200_OK,
            headers={"Location": reverse("api_document", args=[document.pk])},
        )


class DocumentView(APIView):
    token_scopes = {
        "GET": TokenScope.READ,
        "PATCH": TokenScope.WRITE,
        "DELETE": TokenScope.WRITE,
    }

    @extend_schema(operation_id="getDocument", responses=responses({200: DocumentSerializer}, 404))
    def get(self, request: Request, pk: UUID) -> Response:
        """One document, with its state, its progress and, where it failed, the reason."""
        return Response(DocumentSerializer(access.visible_document(request.user, pk)).data)

    @extend_schema(
        operation_id="changeDocument",
        request=DocumentChangeSerializer,
        responses=responses({200: DocumentSerializer}, 400, 401, 403, 404, 409),
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change the title, replace the metadata, or move it to another collection.

        Contributors change their own documents, editors every one; a move needs that on both sides.
        409: more people would see it then, and `confirm` is not true; or it is a part of another.
        """
        document = access.changeable_document(request.user, pk)
        given = DocumentChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(DocumentSerializer(change(request, document, given.validated_data)).data)

    @extend_schema(
        operation_id="deleteDocument",
        parameters=[DeletionParameters],
        responses=responses({204: None}, 400, 401, 403, 404, 409),
    )
    def delete(self, request: Request, pk: UUID) -> Response:
        """Move it to the trash, or delete it for good; no search finds it once this has answered.

        409: it is a part of another document and goes with that.
        """
        permanent = DeletionParameters.read(request)["permanent"]
        find = access.purgeable_document if permanent else access.deletable_document
        document = find(request.user, pk)
        refuse_child(document)
        if permanent:
            purge_documents([document], request.user)
        else:
            trash_documents([document], request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RestoreView(APIView):
    permission_classes = [IsAuthenticated]
    token_scopes = {"POST": TokenScope.WRITE}

    @extend_schema(
        operation_id="restoreDocument",
        request=None,
        responses=responses({200: DocumentSerializer}, 401, 404, 409),
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Take a document out of the trash. 409: it is a part of another and goes with that."""
        document = access.trashed_document(request.user, pk)
        refuse_child(document)
        restore_documents([document], request.user)
        document.refresh_from_db()
        return Response(DocumentSerializer(document).data)


class DocumentStateView(APIView):
    token_scopes = {"GET": TokenScope.READ}

    @extend_schema(
        operation_id="getDocumentState", responses=responses({200: DocumentStateSerializer}, 404)
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """Only what changes while the document is on its way into the index."""
        return Response(DocumentStateSerializer(access.visible_document(request.user, pk)).data)


class TextView(APIView):
    token_scopes = {"GET": TokenScope.READ}

    @extend_schema(
        operation_id="getDocumentText",
        parameters=[TextParameters],
        responses=responses({200: TextSerializer}, 400, 404, 409),
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """The extracted text, which the offsets of passages count in, or a part of it."""
        document = access.visible_document(request.user, pk)
        asked = TextParameters.read(request)
        part = part_of_text(document, asked["offset"], asked["limit"])
        if part is None:
            raise Conflict(f"There is no text yet: the document is {document.state}.")
        return Response(TextSerializer(part).data)


class RetryView(APIView):
    permission_classes = [IsAuthenticated]
    token_scopes = {"POST": TokenScope.WRITE}

    @extend_schema(
        operation_id="retryDocument",
        request=None,
        responses=responses({202: DocumentSerializer}, 401, 403, 404, 409),
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Queue a failed document again."""
        document = access.changeable_document(request.user, pk)
        if document.state != Document.State.FAILED:
            raise Conflict(f"Only a failed document can be retried; this one is {document.state}.")
        retry_documents(Document.objects.filter(pk=document.pk))
        document.refresh_from_db()
        return Response(DocumentSerializer(document).data, status.HTTP_202_ACCEPTED)
