"""The lexical index: rank_bm25's BM25Okapi over postings, changed in place, shared from disk."""

from retrieval.hits import DocumentEntry, Hit, LexicalHits, PassageEntry, TermScore
from retrieval.lexical.bm25 import BM25Index, warm_up

__all__ = [
    "BM25Index",
    "DocumentEntry",
    "Hit",
    "LexicalHits",
    "PassageEntry",
    "TermScore",
    "warm_up",
]
