"""The parameters of a search through the API."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from documents.api.fields import ParameterField, QuerySerializer
from retrieval.modes import HYBRID
from retrieval.query import FILTER_FIELDS, MAX_QUERY_LENGTH, SearchRequest, chosen_in
from retrieval.ranking import FUSIONS, MODES
from retrieval.search import MAX_PAGE_SIZE

LAST_PAGE = 100_000
DEEPEST = 100


class SearchParameters(QuerySerializer):
    """The parameters of a search, among them one for each filter field."""

    q = serializers.CharField(
        max_length=MAX_QUERY_LENGTH,
        error_messages={
            "required": "Give the words to search for, as in ?q=solar+panels.",
            "blank": "Give the words to search for, as in ?q=solar+panels.",
            "max_length": "The query is too long: it may have {max_length} characters.",
        },
        help_text="Words, “exact phrases” in quotation marks, -without, type:pdf, collection:slug, "
        "language:de, year:2024, title:word.",
    )
    mode = serializers.ChoiceField(
        choices=MODES,
        default=HYBRID,
        help_text="hybrid: words and meaning; lexical: words alone; dense: meaning alone.",
        error_messages={"invalid_choice": f"“{{input}}” is no mode: {', '.join(MODES)}."},
    )
    rerank = serializers.BooleanField(
        default=True, help_text="Whether a model reranks the first hits."
    )
    page = serializers.IntegerField(
        default=1, min_value=1, max_value=LAST_PAGE, help_text="Counted from 1."
    )
    page_size = serializers.IntegerField(
        default=10, min_value=1, max_value=MAX_PAGE_SIZE, help_text=f"At most {MAX_PAGE_SIZE}."
    )
    search_id = serializers.RegexField(
        r"^[A-Za-z0-9_-]{1,64}$",
        default="",
        help_text="That of an earlier answer, for further pages of the same list.",
        error_messages={"invalid": "This is not the search_id of an answer; leave it out."},
    )
    explain = serializers.BooleanField(
        default=False, help_text="Whether each result says what brought it to its place."
    )
    correct = serializers.BooleanField(
        default=True, help_text="Whether words that stand in no document are corrected."
    )
    fusion = serializers.ChoiceField(
        choices=list(FUSIONS),
        default=None,
        help_text="How the scores of words and meaning are put together.",
    )
    dense_weight = serializers.FloatField(
        default=None,
        min_value=0,
        max_value=1,
        help_text="The weight of meaning against words, from 0 to 1.",
    )
    rerank_depth = serializers.IntegerField(
        default=None,
        min_value=1,
        max_value=DEEPEST,
        help_text="How many of the first hits are reranked, as far as time allows.",
    )
    rerank_weight = serializers.FloatField(
        default=None,
        min_value=0,
        max_value=1,
        help_text="The weight of the reranker's scores against the order before it.",
    )

    @classmethod
    def parameters(cls) -> Mapping[str, ParameterField]:
        fields = {name: field.parameter for name, field in FILTER_FIELDS.items()}
        return {**fields, **super().parameters()}


# Parameters that the request has by the same name.
SAME = (
    "mode", "rerank", "page", "page_size", "search_id", "explain", "correct", "fusion",
    "dense_weight", "rerank_depth", "rerank_weight",
)  # fmt: skip


def search_request(values: dict[str, Any]) -> SearchRequest:
    """The search request of validated parameters."""
    chosen = {name: map(str, values.get(name, ())) for name in FILTER_FIELDS}
    return SearchRequest(
        query=values["q"], filters=chosen_in(chosen), **{name: values[name] for name in SAME}
    )
