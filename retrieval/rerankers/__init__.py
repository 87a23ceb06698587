"""Rerankers: they score the head of the fused list again, query and passage together.

There are cross-encoders, and late interaction with the embedding model's token vectors.
`load_reranker` returns the one of the settings; `score_within_budget` limits its time.
"""

from retrieval.rerankers.budget import clear_score_cache, reset_score_cache, score_within_budget
from retrieval.rerankers.registry import (
    RERANKER_CONFIG,
    Reranker,
    bind_to_space,
    load_reranker,
    refresh_rerankers,
    reranker_state,
    stored_scores,
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
    "reset_score_cache",
    "score_within_budget",
    "stored_scores",
    "trained_reranker_folder",
]
