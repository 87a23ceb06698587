"""The third stage: the best of the fused list are read again, together with the query.

Three kinds behind one door: a cross-encoder, late interaction with the embedding model's token
vectors, or none. `load` gives the one of the settings; `score_in_order` lets it read for as long
as there is time."""

from retrieval.rerankers.budget import clear_score_cache, reserve_models, score_within_budget
from retrieval.rerankers.registry import (
    RERANKER_CONFIG,
    Reranker,
    bind_to_space,
    load_reranker,
    refresh_rerankers,
    reranker_state,
    trained_reranker_folder,
)
from retrieval.rerankers.token_vectors import best_sentences

__all__ = [
    "RERANKER_CONFIG",
    "Reranker",
    "best_sentences",
    "bind_to_space",
    "clear_score_cache",
    "load_reranker",
    "refresh_rerankers",
    "reranker_state",
    "reserve_models",
    "score_within_budget",
    "trained_reranker_folder",
]
