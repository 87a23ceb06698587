"""Splitting a text into passages that fit into the model's window. Neither Django nor torch."""

from documents.chunking.chunker import TokenBudget, chunk
from documents.chunking.indexed_text import indexed_fields, indexed_text

__all__ = ["TokenBudget", "chunk", "indexed_fields", "indexed_text"]
