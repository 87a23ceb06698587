"""The original as it was sent, in a way that no browser runs it in our origin."""

from uuid import UUID

from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from documents.api import access
from documents.api.schema import answers
from documents.originals import open_original


class OriginalView(APIView):
    @extend_schema(
        operation_id="getOriginal",
        responses=answers({(200, "application/octet-stream"): OpenApiTypes.BINARY}, 404),
    )
    def get(self, request: Request, pk: UUID) -> FileResponse:
        """The bytes that were sent, as an attachment."""
        document = access.document(request, pk)
        try:
            file = open_original(document)
        except OSError as error:
            raise Http404("The original of this document is not in the store any more.") from error
        response = FileResponse(
            file,
            as_attachment=True,
            filename=document.filename or f"{document.pk}.txt",
            content_type="application/octet-stream",
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
        response["Cache-Control"] = "private, no-store"
        return response
