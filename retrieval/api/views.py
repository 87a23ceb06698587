"""Search over REST."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api.schema import answers
from retrieval import feedback
from retrieval.api.parameters import SearchParameters, search_request
from retrieval.api.serializers import PageSerializer
from retrieval.results import find


class SearchView(APIView):
    @extend_schema(
        operation_id="search",
        parameters=[SearchParameters],
        responses=answers({200: PageSerializer}, 400, 401),
    )
    def get(self, request: Request) -> Response:
        """Search what the caller may see; without a token, the public collections."""
        asked = SearchParameters.read(request)
        page = find(request.user, search_request(asked))
        feedback.searched(page)
        return Response(PageSerializer(page).data)
