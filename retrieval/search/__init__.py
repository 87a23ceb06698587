"""The search service: a request in, a page of results out."""

from retrieval.search.page import (
    MAX_PAGE_SIZE,
    DocumentCard,
    Explanation,
    FacetValue,
    PassageHit,
    SearchResponse,
    SearchResult,
)
from retrieval.search.relevance import WEAK, RelevanceCutoffs, evidence
from retrieval.search.results import PASSAGES_PER_RESULT, passage_term_coverage
from retrieval.search.service import search_documents

__all__ = [
    "MAX_PAGE_SIZE",
    "PASSAGES_PER_RESULT",
    "WEAK",
    "DocumentCard",
    "Explanation",
    "FacetValue",
    "PassageHit",
    "RelevanceCutoffs",
    "SearchResponse",
    "SearchResult",
    "evidence",
    "passage_term_coverage",
    "search_documents",
]
