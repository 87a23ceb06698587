"""The embedding model: loading, batching, token budgets, embedding spaces and their vectors."""

from documents.embedding.loader import open_cross_encoder
from documents.embedding.model_files import ModelUnavailable, locate_model
from documents.embedding.projections import (
    compressed_tokens,
    ensure_projection,
    projection_of,
)
from documents.embedding.registry import (
    Embedder,
    active_model,
    configured_model,
    load_embedder,
    model_of_space,
    retry_missing_models,
    space_of_model,
    token_budget,
    write_models,
)
from documents.embedding.spaces import (
    active_space,
    count_missing_vectors,
    ensure_hnsw_index,
    has_hnsw_index,
    hnsw_index_name,
    switch_active_space,
)
from documents.embedding.store import load_tokens, passages_to_embed, store_vectors
from documents.inference.encoder import Vectors
from documents.inference.session import core_count

__all__ = [
    "Embedder",
    "ModelUnavailable",
    "Vectors",
    "active_model",
    "active_space",
    "compressed_tokens",
    "configured_model",
    "core_count",
    "count_missing_vectors",
    "ensure_hnsw_index",
    "ensure_projection",
    "has_hnsw_index",
    "hnsw_index_name",
    "load_embedder",
    "load_tokens",
    "locate_model",
    "model_of_space",
    "open_cross_encoder",
    "passages_to_embed",
    "projection_of",
    "retry_missing_models",
    "space_of_model",
    "store_vectors",
    "switch_active_space",
    "token_budget",
    "write_models",
]
