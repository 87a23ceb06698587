"""What a search through the API asks and gets; the fields are those of `retrieval.pages`."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from documents.api import access
from documents.api.fields import MetadataField, QuerySerializer
from retrieval.engine import MODES
from retrieval.fusion import FUSIONS
from retrieval.pages import MAX_PAGE_SIZE, SearchRequest
from retrieval.query import MAX_LENGTH

LAST_PAGE = 100_000
DEEPEST = 100


class SearchParameters(QuerySerializer):
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
        default="hybrid",
        help_text="hybrid: words and meaning; lexical: words alone; dense: meaning alone.",
        error_messages={"invalid_choice": "“{input}” is no mode: hybrid, lexical or dense."},
    )
    rerank = serializers.BooleanField(
        default=True, help_text="Whether the first hits are read again, and closely, by a model."
    )
    collection = serializers.ListField(
        child=serializers.CharField(max_length=200),
        required=False,
        help_text="The slug of a collection; may be repeated.",
    )
    type = serializers.ListField(
        child=serializers.CharField(max_length=20),
        required=False,
        help_text="“pdf”, “docx”, “html”, …; may be repeated.",
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

    def validate_collection(self, slugs: list[str]) -> list[str]:
        return access.known_collections(self.context["request"], slugs)


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


class DocumentCardSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    collection = serializers.CharField(help_text="Its slug.")
    collection_name = serializers.CharField()
    type = serializers.CharField(help_text="“pdf”, “docx”, …")
    url = serializers.CharField(help_text="The page of the document for people.")
    metadata = MetadataField()
    source = serializers.CharField()  # type: ignore[assignment]
    created_at = serializers.DateTimeField()
    year = serializers.IntegerField(help_text="Of its own date, else of the day it was added.")


class PassageSerializer(serializers.Serializer[Any]):
    """Offsets count Unicode code points."""

    text = serializers.CharField()
    page = serializers.IntegerField(
        allow_null=True, help_text="From 1; null where the format has no pages."
    )
    start = serializers.IntegerField(help_text="Where it starts in the text of the document.")
    end = serializers.IntegerField()
    highlights = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2),
        help_text="[start, end] of each matched word within `text`.",
    )
    headings = serializers.ListField(
        child=serializers.CharField(), help_text="The headings it stands under, outermost first."
    )


class TermSerializer(serializers.Serializer[Any]):
    term = serializers.CharField(help_text="As it is indexed: “tide” for “tides”.")
    frequency = serializers.IntegerField(help_text="How often the passage holds it.")
    score = serializers.FloatField(help_text="Its part of the passage's score.")


class LexicalPartSerializer(serializers.Serializer[Any]):
    rank = serializers.IntegerField(
        allow_null=True, help_text="Null below the best hundred of this leg."
    )
    score = serializers.FloatField(allow_null=True, help_text="BM25.")
    terms = TermSerializer(many=True, help_text="Words of the query in the best passage.")


class DensePartSerializer(serializers.Serializer[Any]):
    rank = serializers.IntegerField(allow_null=True)
    cosine = serializers.FloatField(allow_null=True, help_text="From -1 to 1.")


class RankedPartSerializer(serializers.Serializer[Any]):
    rank = serializers.IntegerField(allow_null=True)
    score = serializers.FloatField(allow_null=True)


class ExplanationSerializer(serializers.Serializer[Any]):
    """What brought a result to its place, step by step."""

    lexical = LexicalPartSerializer()
    dense = DensePartSerializer()
    fused = RankedPartSerializer()
    rerank = RankedPartSerializer(help_text="Null values where the model did not read it.")
    identifiers = serializers.IntegerField(
        help_text="Identifiers of the query, such as ERR_4711, that it holds exactly."
    )


@extend_schema_field(ExplanationSerializer(allow_null=True))
class ExplanationField(serializers.JSONField):
    """As the engine gives it; null unless it was asked for."""


class ResultSerializer(serializers.Serializer[Any]):
    document = DocumentCardSerializer()
    score = serializers.FloatField(help_text="What the list is sorted by.")
    passages = PassageSerializer(many=True)
    strength = serializers.CharField(
        help_text="“strong”, “good” or “weak”; empty where there was nothing to match."
    )
    explanation = ExplanationField(allow_null=True)


class FacetSerializer(serializers.Serializer[Any]):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()
    selected = serializers.BooleanField()


class PageSerializer(serializers.Serializer[Any]):
    """One page of results."""

    query = serializers.CharField()
    search_id = serializers.CharField(help_text="Send it back for further pages of this list.")
    mode = serializers.CharField()
    reranked = serializers.BooleanField()
    reranked_count = serializers.IntegerField()
    total = serializers.IntegerField()
    total_relation = serializers.ChoiceField(
        choices=["eq", "gte"], help_text="gte: there are at least so many."
    )
    page = serializers.IntegerField()
    page_size = serializers.IntegerField()
    took_ms = serializers.DictField(
        child=serializers.FloatField(), help_text="Milliseconds of each step, and in total."
    )
    results = ResultSerializer(many=True)
    facets = serializers.DictField(
        child=FacetSerializer(many=True),
        help_text="By `collection`, `type`, `language` and `year`, each value being one of the "
        "parameter of that name; and, as `metadata.author`, by each field that a collection "
        "declares, each value being one for the parameter `metadata=author:`.",
    )
    facets_relation = serializers.ChoiceField(
        choices=["eq", "gte"], help_text="gte: each count is of at least so many."
    )
    suggestion = serializers.CharField(allow_null=True, help_text="A better spelling.")
    corrected = serializers.BooleanField(
        help_text="Whether the results are those of the suggestion."
    )
    notices = serializers.ListField(
        child=serializers.CharField(), help_text="What could not be done, in sentences."
    )
