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
from retrieval.ranking import (
    GOOD,
    MODES,
    MOST_MATCHES,
    STRONG,
    WEAK,
    DenseRetriever,
    LexicalRetriever,
    RankedScore,
    RelevanceCutoffs,
    evidence,
    relevance_grade,
    word_coverage,
)
from retrieval.rerankers import best_sentences
from retrieval.search.labels import MOST_LABELLED, best_grade, telling_grades
from retrieval.search.page import (
    MAX_PAGE_SIZE,
    DocumentAge,
    DocumentCard,
    Explanation,
    FacetValue,
    MatchedTerm,
    PassageHit,
    SearchResponse,
    SearchResult,
)
from retrieval.search.results import PASSAGES_PER_RESULT
from retrieval.search.service import KeptResult, find_result, search_documents
from retrieval.stats import index_sizes, slowest_searches
from retrieval.suggest import autocomplete

__all__ = [
    "FILTER_FIELDS",
    "GOOD",
    "HYBRID",
    "MAX_PAGE_SIZE",
    "MAX_QUERY_LENGTH",
    "MODES",
    "MOST_LABELLED",
    "MOST_MATCHES",
    "PASSAGES_PER_RESULT",
    "STRONG",
    "WEAK",
    "DenseRetriever",
    "DocumentAge",
    "DocumentCard",
    "Explanation",
    "FacetValue",
    "KeptResult",
    "LexicalRetriever",
    "MatchedTerm",
    "PassageHit",
    "RankedScore",
    "RelevanceCutoffs",
    "SearchRequest",
    "SearchResponse",
    "SearchResult",
    "autocomplete",
    "best_grade",
    "best_sentences",
    "chosen_in",
    "evidence",
    "field_of",
    "find_result",
    "index_sizes",
    "parameters_of",
    "parse_query",
    "relevance_grade",
    "search_documents",
    "slowest_searches",
    "telling_grades",
    "word_coverage",
]
