"""From a query to ranked documents: retrievers, fusion, grouping, reranking."""

from retrieval.ranking.beyond_window import documents_beyond
from retrieval.ranking.fusion import FUSIONS
from retrieval.ranking.matches import MOST_MATCHES, MatchedDocuments
from retrieval.ranking.pipeline import default_options, rank, rank_and_collect
from retrieval.ranking.relevance import (
    GOOD,
    STRONG,
    WEAK,
    RelevanceCutoffs,
    evidence,
    relevance_grade,
    word_coverage,
)
from retrieval.ranking.retrievers import (
    MODES,
    RETRIEVERS,
    DenseRetriever,
    LexicalRetriever,
    dense_share,
)
from retrieval.ranking.types import (
    DocumentScore,
    PassageScore,
    RankedScore,
    Ranking,
    RankingOptions,
)

__all__ = [
    "FUSIONS",
    "GOOD",
    "MODES",
    "MOST_MATCHES",
    "RETRIEVERS",
    "STRONG",
    "WEAK",
    "DenseRetriever",
    "DocumentScore",
    "LexicalRetriever",
    "MatchedDocuments",
    "PassageScore",
    "RankedScore",
    "Ranking",
    "RankingOptions",
    "RelevanceCutoffs",
    "default_options",
    "dense_share",
    "documents_beyond",
    "evidence",
    "rank",
    "rank_and_collect",
    "relevance_grade",
    "word_coverage",
]
