"""From a query to ranked documents: retrievers, fusion, grouping, reranking."""

from retrieval.ranking.fusion import FUSIONS
from retrieval.ranking.pipeline import default_options, rank, rank_and_collect
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
    "MODES",
    "RETRIEVERS",
    "DenseRetriever",
    "DocumentScore",
    "LexicalRetriever",
    "PassageScore",
    "RankedScore",
    "Ranking",
    "RankingOptions",
    "default_options",
    "dense_share",
    "rank",
    "rank_and_collect",
]
