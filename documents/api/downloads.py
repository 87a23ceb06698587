"""Downloads of originals, with headers that keep a browser from running them in our origin."""

from uuid import UUID

from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from documents.api.schema import responses
from documents.auth import access
from documents.models import TokenScope
from documents.storage import download_response


class OriginalView(APIView):
    token_scopes = {"GET": TokenScope.READ}

    @extend_schema(
        operation_id="getOriginal",
        responses=responses({(200, "application/octet-stream"): OpenApiTypes.BINARY}, 404),
    )
    def get(self, request: Request, pk: UUID) -> FileResponse:
        """The bytes that were sent, as an attachment."""
        document = access.visible_document(request.user, pk)
        try:
            response = download_response(document)
        except OSError as error:
            raise Http404("The original of this document is not in the store any more.") from error
        access.record_download(request.user, document)
        return response
