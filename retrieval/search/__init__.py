"""The search service: a page of results for a request, and what pages need besides."""

from retrieval.modes import HYBRID
from retrieval.query import (
    FILTER_FIELDS,
    MAX_QUERY_LENGTH,
    SearchRequest,
    chosen_in,
    field_of,
    parameters_of,
    parse_query,
)
from retrieval.ranking import MODES, DenseRetriever, LexicalRetriever, RankedScore
from retrieval.rerankers import best_sentences
from retrieval.search.page import (
    MAX_PAGE_SIZE,
    DocumentAge,
    DocumentCard,
    Explanation,
    FacetValue,
    PassageHit,
    SearchResponse,
    SearchResult,
)
from retrieval.search.relevance import WEAK, RelevanceCutoffs, evidence
from retrieval.search.results import PASSAGES_PER_RESULT, word_coverage
from retrieval.search.service import KeptResult, find_result, search_documents
from retrieval.stats import index_sizes, slowest_searches
from retrieval.suggest import autocomplete

__all__ = [
    "FILTER_FIELDS",
    "HYBRID",
    "MAX_PAGE_SIZE",
    "MAX_QUERY_LENGTH",
    "MODES",
    "PASSAGES_PER_RESULT",
    "WEAK",
    "DenseRetriever",
    "DocumentAge",
    "DocumentCard",
    "Explanation",
    "FacetValue",
    "KeptResult",
    "LexicalRetriever",
    "PassageHit",
    "RankedScore",
    "RelevanceCutoffs",
    "SearchRequest",
    "SearchResponse",
    "SearchResult",
    "autocomplete",
    "best_sentences",
    "chosen_in",
    "evidence",
    "field_of",
    "find_result",
    "index_sizes",
    "parameters_of",
    "parse_query",
    "search_documents",
    "slowest_searches",
    "word_coverage",
]
