"""The lexical index: rank_bm25's BM25Okapi over postings, changed in place, shared from disk."""

from retrieval.entries import ChunkEntry, DocumentEntry, Hit, LexicalHits, TermScore
from retrieval.lexical.bm25 import BM25Index, warm_up

__all__ = ["BM25Index", "ChunkEntry", "DocumentEntry", "Hit", "LexicalHits", "TermScore", "warm_up"]
