"""Search over REST."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api.schema import responses
from documents.models import TokenScope
from retrieval.api.parameters import SearchParameters, search_request
from retrieval.api.serializers import PageSerializer
from retrieval.feedback import log_search
from retrieval.search import search_documents


class SearchView(APIView):
    token_scopes = {"GET": TokenScope.SEARCH}

    @extend_schema(
        operation_id="search",
        parameters=[SearchParameters],
        responses=responses({200: PageSerializer}, 400, 401),
    )
    def get(self, request: Request) -> Response:
        """Search what the caller may see; without a token, the public collections."""
        parameters = SearchParameters.read(request)
        page = search_documents(request.user, search_request(parameters))
        log_search(page)
        return Response(PageSerializer(page).data)
