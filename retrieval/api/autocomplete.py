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
from retrieval.suggest import MAX_COMPLETION_INPUT, SuggestionKind, autocomplete


class AutocompleteParameters(QuerySerializer):
    q = serializers.CharField(
        max_length=MAX_COMPLETION_INPUT,
        trim_whitespace=False,
        error_messages={"required": "Give what has been typed so far, as in ?q=sol."},
        help_text="What has been typed so far.",
    )


class SuggestionSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(
        choices=[kind.value for kind in SuggestionKind],
        help_text="`recent`: a search of your own; `popular`: one of many users; `title` of a "
        "document; `heading` in one.",
    )
    text = serializers.CharField(help_text="As it is written there.")
    typed = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2),
        help_text="Start and end of what is typed of it, in code points.",
    )
    url = serializers.CharField(
        help_text="The page for people of the one document with this title; else empty: search "
        "for the text."
    )
    collection = serializers.CharField(help_text="The name of that document's collection.")


class CompletionsSerializer(serializers.Serializer[Any]):
    suggestions = SuggestionSerializer(many=True, help_text="In the order to show them.")


class AutocompleteView(APIView):
    token_scopes = {"GET": TokenScope.SEARCH}

    @extend_schema(
        operation_id="autocomplete",
        parameters=[AutocompleteParameters],
        responses=responses({200: CompletionsSerializer}, 400, 401),
    )
    def get(self, request: Request) -> Response:
        """Suggest titles and headings of documents that the caller may see, and past queries."""
        parameters = AutocompleteParameters.read(request)
        found = {"suggestions": autocomplete(request.user, parameters["q"])}
        return Response(CompletionsSerializer(found).data)
