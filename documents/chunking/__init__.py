"""Cutting a text into passages that a model reads whole. Pure: neither Django nor torch."""

from documents.chunking.chunker import TokenBudget, chunk
from documents.chunking.indexed_text import indexed_text

__all__ = ["TokenBudget", "chunk", "indexed_text"]
