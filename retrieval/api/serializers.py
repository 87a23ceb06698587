"""The response of a search through the API; the fields are those of `retrieval.search.page`."""

from typing import Any

from rest_framework import serializers

from documents.api.fields import MetadataField
from retrieval.search import MOST_MATCHES


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
    tf = serializers.IntegerField(help_text="Term frequency: how often the passage holds it.")
    score = serializers.FloatField(help_text="Its part of the passage's BM25 score.")
    synonym_of = serializers.CharField(
        help_text="For a synonym, the words of the query that it stands for; else empty."
    )


class RankedScoreSerializer(serializers.Serializer[Any]):
    score = serializers.FloatField()
    rank = serializers.IntegerField(
        allow_null=True, help_text="Null outside the candidates that a retriever itself brought."
    )


class DocumentAgeSerializer(serializers.Serializer[Any]):
    days = serializers.IntegerField(help_text="Since the document's own date, or its upload.")
    factor = serializers.FloatField(help_text="The share of its score that it keeps, 0 to 1.")


class ExplanationSerializer(serializers.Serializer[Any]):
    """The scores and ranks of a result's best passage at each stage."""

    retrievers = serializers.DictField(
        child=RankedScoreSerializer(),
        help_text="By the name of each retriever that could score it: `lexical` (BM25) and `dense` "
        "(the cosine, from -1 to 1).",
    )
    fused = RankedScoreSerializer(help_text="After fusion and age.")
    rerank = RankedScoreSerializer(
        allow_null=True, help_text="Null where the model did not read it."
    )
    terms = TermSerializer(many=True, help_text="Words of the query that the passage holds.")
    exact_matches = serializers.IntegerField(
        help_text="Identifiers of the query, such as ERR_4711, that it holds exactly."
    )
    titled = serializers.BooleanField(
        help_text="Whether the document's title or file name is the query: then it stands before "
        "all that are not pinned."
    )
    pinned = serializers.BooleanField(
        help_text="Whether an editor pinned the document to the query: then it stands first."
    )
    age = DocumentAgeSerializer(
        allow_null=True, help_text="Null where the document's collection does not count age."
    )


class ResultSerializer(serializers.Serializer[Any]):
    document = DocumentCardSerializer()
    score = serializers.FloatField(help_text="What the list is sorted by.")
    passages = PassageSerializer(many=True)
    relevance = serializers.CharField(
        help_text="“strong”, “good” or “weak”; empty where there was nothing to match."
    )
    pinned = serializers.BooleanField(
        help_text="Whether an editor pinned the document to this query."
    )
    explanation = ExplanationSerializer(allow_null=True, help_text="Null without `explain`.")


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
    total = serializers.IntegerField(
        help_text="All documents that match; `page` reaches every one of them."
    )
    total_relation = serializers.ChoiceField(
        choices=["eq", "gte"],
        help_text=f"eq: exactly so many match. gte: at least so many, as more than {MOST_MATCHES} "
        "match, or as the search was given up.",
    )
    page = serializers.IntegerField()
    page_size = serializers.IntegerField()
    took_ms = serializers.DictField(
        child=serializers.FloatField(), help_text="Milliseconds of each step, and in total."
    )
    results = ResultSerializer(many=True)
    related = ResultSerializer(
        many=True,
        help_text="On the last page: documents that are near and do not match well enough to "
        "count, the best first. `total` and `facets` are without them.",
    )
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
        help_text="Whether the results are those of the suggestion, as the query has unknown words."
    )
    warnings = serializers.ListField(
        child=serializers.CharField(), help_text="What could not be done, in sentences."
    )
