"""Suggestions for a query that is still being typed, over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api.fields import QuerySerializer
from documents.api.schema import responses
from documents.models import TokenScope
from retrieval.suggest import MAX_COMPLETION_INPUT, autocomplete


class AutocompleteParameters(QuerySerializer):
    q = serializers.CharField(
        max_length=MAX_COMPLETION_INPUT,
        trim_whitespace=False,
        error_messages={"required": "Give what has been typed so far, as in ?q=sol."},
        help_text="What has been typed so far; after a space, further words are suggested.",
    )


class TitleSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    collection = serializers.CharField(help_text="Its name.")
    url = serializers.CharField(help_text="The page of the document for people.")


class CompletionsSerializer(serializers.Serializer[Any]):
    queries = serializers.ListField(
        child=serializers.CharField(), help_text="Whole queries that begin as typed."
    )
    titles = TitleSerializer(many=True, help_text="Documents whose titles hold the words.")


class AutocompleteView(APIView):
    token_scopes = {"GET": TokenScope.SEARCH}

    @extend_schema(
        operation_id="autocomplete",
        parameters=[AutocompleteParameters],
        responses=responses({200: CompletionsSerializer}, 400, 401),
    )
    def get(self, request: Request) -> Response:
        """Complete a query from documents that the caller may see."""
        parameters = AutocompleteParameters.read(request)
        return Response(CompletionsSerializer(autocomplete(request.user, parameters["q"])).data)
