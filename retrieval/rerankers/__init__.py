"""The third stage: the best of the fused list are read again, together with the query.

Three kinds behind one door: a cross-encoder, late interaction with the embedding model's token
vectors, or none. `load` gives the one of the settings; `score_in_order` lets it read for as long
as there is time.
"""

from retrieval.rerankers.budget import score_within_budget
from retrieval.rerankers.registry import (
    Reranker,
    load_reranker,
    reranker_state,
    retry_missing_rerankers,
)

__all__ = [
    "Reranker",
    "load_reranker",
    "reranker_state",
    "retry_missing_rerankers",
    "score_within_budget",
]
