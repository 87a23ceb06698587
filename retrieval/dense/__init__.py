"""Nearest passages by the cosine of their vectors, in pgvector."""

from retrieval.dense.knn import FloatVector, exact_cosines, nearest_passages
from retrieval.dense.more_like_this import document_vector

__all__ = ["FloatVector", "document_vector", "exact_cosines", "nearest_passages"]
