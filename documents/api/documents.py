"""Documents: upload, list, read, change, delete, follow."""

from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api import permissions
from documents.api.document_list import DocumentListSerializer, ListParameters, page_of_documents
from documents.api.errors import Conflict
from documents.api.schema import responses
from documents.api.serializers import (
    DocumentSerializer,
    DocumentStateSerializer,
)
from documents.api.texts import TextParameters, TextSerializer, part_of_text
from documents.api.uploads import DocumentChangeSerializer, UploadSerializer, take
from documents.library import delete_documents, retry_documents, update_document
from documents.models import Document, TokenScope


class DocumentsView(APIView):
    token_scopes = {"GET": TokenScope.READ, "POST": TokenScope.WRITE}

    @extend_schema(
        operation_id="listDocuments",
        parameters=[ListParameters],
        responses=responses({200: DocumentListSerializer}, 400, 401),
    )
    def get(self, request: Request) -> Response:
        """The documents that the caller may see, newest first."""
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

        202: queued; 200: the collection has these bytes already, and here is their document.
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
        return Response(DocumentSerializer(permissions.get_document(request, pk)).data)

    @extend_schema(
        operation_id="changeDocument",
        request=DocumentChangeSerializer,
        responses=responses({200: DocumentSerializer}, 400, 401, 403, 404),
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change the title or replace the metadata."""
        document = permissions.get_document(request, pk, write=True)
        change = DocumentChangeSerializer(data=request.data)
        change.is_valid(raise_exception=True)
        if change.validated_data:
            update_document(document, **change.validated_data)
            document.refresh_from_db()
        return Response(DocumentSerializer(document).data)

    @extend_schema(operation_id="deleteDocument", responses=responses({204: None}, 401, 403, 404))
    def delete(self, request: Request, pk: UUID) -> Response:
        """Delete it and its original. After the response no search finds it."""
        document = permissions.get_document(request, pk, write=True)
        delete_documents(Document.objects.filter(pk=document.pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


class DocumentStateView(APIView):
    token_scopes = {"GET": TokenScope.READ}

    @extend_schema(
        operation_id="getDocumentState", responses=responses({200: DocumentStateSerializer}, 404)
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """The state and the progress of ingestion alone, for polling."""
        return Response(DocumentStateSerializer(permissions.get_document(request, pk)).data)


class TextView(APIView):
    token_scopes = {"GET": TokenScope.READ}

    @extend_schema(
        operation_id="getDocumentText",
        parameters=[TextParameters],
        responses=responses({200: TextSerializer}, 400, 404, 409),
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """The extracted text or a part of it. Offsets of passages count in this text."""
        document = permissions.get_document(request, pk)
        parameters = TextParameters.read(request)
        part = part_of_text(document, parameters["offset"], parameters["limit"])
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
        document = permissions.get_document(request, pk, write=True)
        if document.state != Document.State.FAILED:
            raise Conflict(f"Only a failed document can be retried; this one is {document.state}.")
        retry_documents(Document.objects.filter(pk=document.pk))
        document.refresh_from_db()
        return Response(DocumentSerializer(document).data, status.HTTP_202_ACCEPTED)
