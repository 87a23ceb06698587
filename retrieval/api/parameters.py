"""What a search through the API can be asked."""

from typing import Any

from rest_framework import serializers

from documents.api.filters import FilterParameters
from retrieval.fusion import FUSIONS
from retrieval.pages import MAX_PAGE_SIZE, SearchRequest
from retrieval.query import MAX_LENGTH
from retrieval.ranking import HYBRID
from retrieval.retrievers import MODES

LAST_PAGE = 100_000
DEEPEST = 100


class SearchParameters(FilterParameters):
    q = serializers.CharField(
        max_length=MAX_LENGTH,
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
        default=True, help_text="Whether the first hits are read again, and closely, by a model."
    )
    language = serializers.ListField(
        child=serializers.CharField(max_length=10),
        required=False,
        help_text="A language code, “en”; may be repeated.",
    )
    year = serializers.ListField(
        child=serializers.IntegerField(
            min_value=1,
            max_value=9999,
            error_messages={"invalid": "Write the year as a number: 2024."},
        ),
        required=False,
        help_text="The year of the document's date, 2024, else of the day it was added; may be "
        "repeated.",
    )
    metadata = serializers.ListField(
        child=serializers.RegexField(
            r"^[^:]+:[\s\S]",
            max_length=500,
            error_messages={"invalid": "Write it as key:value, for example author:Lovelace."},
        ),
        required=False,
        help_text="A field of the metadata and its value, “author:Lovelace”; may be repeated: "
        "values of one field widen, different fields narrow.",
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
        help_text="How many of the first hits are read again, as far as time allows.",
    )
    rerank_weight = serializers.FloatField(
        default=None,
        min_value=0,
        max_value=1,
        help_text="The weight of what that reading says, against the order before it.",
    )


# Parameters that the request has by the same name.
SAME = (
    "mode", "rerank", "page", "page_size", "search_id", "explain", "fusion", "dense_weight",
    "rerank_depth", "rerank_weight",
)  # fmt: skip


def search_request(asked: dict[str, Any]) -> SearchRequest:
    """The request that the validated parameters make."""
    pairs = (pair.partition(":") for pair in asked.get("metadata", ()))
    return SearchRequest(
        query=asked["q"],
        collections=tuple(asked.get("collection", ())),
        types=tuple(asked.get("type", ())),
        languages=tuple(asked.get("language", ())),
        years=tuple(asked.get("year", ())),
        metadata=tuple((key, value) for key, _, value in pairs),
        **{name: asked[name] for name in SAME},
    )
