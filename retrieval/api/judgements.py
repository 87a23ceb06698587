"""Judgements over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api.fields import StrictSerializer
from documents.api.schema import responses
from documents.auth import access
from documents.models import TokenScope
from retrieval.feedback import set_judgement
from retrieval.query import MAX_QUERY_LENGTH


class JudgementSerializer(StrictSerializer):
    query = serializers.CharField(
        max_length=MAX_QUERY_LENGTH,
        help_text="As it was searched for; case and spaces do not matter.",
    )
    document = serializers.UUIDField(help_text="The id of the result's document.")
    relevant = serializers.BooleanField(
        allow_null=True, help_text="Whether it answers the query; null deletes the judgement."
    )


class JudgementsView(APIView):
    permission_classes = [IsAuthenticated]
    token_scopes = {"POST": TokenScope.READ}

    @extend_schema(
        operation_id="judge",
        request=JudgementSerializer,
        responses=responses({200: JudgementSerializer}, 400, 401, 404),
    )
    def post(self, request: Request) -> Response:
        """Judge whether a result answers a query. A new judgement replaces the old one."""
        given = JudgementSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said: dict[str, Any] = given.validated_data
        document = access.visible_document(request.user, said["document"])
        set_judgement(request.user, said["query"], document.pk, said["relevant"])
        return Response(JudgementSerializer(said).data)
