"""The lexical index: rank_bm25's BM25Okapi over postings, updatable and shared from disk."""

from retrieval.hits import DocumentEntry, Hit, LexicalHits, PassageEntry, TermScore
from retrieval.lexical.bm25 import BM25Index, warm_up
from retrieval.lexical.document_scorer import best_first
from retrieval.lexical.kernels import Bools, Hashes, Ints, Longs, readonly
from retrieval.lexical.postings import document_key, document_keys
from retrieval.lexical.snapshot_folder import SnapshotFolder, checkpoint_due, delete_if_unused
from retrieval.lexical.statistics import VisibleStats
from retrieval.lexical.vocabulary import Vocabulary
from retrieval.lexical.words import (
    AnyWord,
    HeadlineHits,
    Phrase,
    QueryTerm,
    SearchTerm,
    WeightedTerm,
)

__all__ = [
    "AnyWord",
    "BM25Index",
    "Bools",
    "DocumentEntry",
    "Hashes",
    "HeadlineHits",
    "Hit",
    "Ints",
    "LexicalHits",
    "Longs",
    "PassageEntry",
    "Phrase",
    "QueryTerm",
    "SearchTerm",
    "SnapshotFolder",
    "TermScore",
    "VisibleStats",
    "Vocabulary",
    "WeightedTerm",
    "best_first",
    "checkpoint_due",
    "delete_if_unused",
    "document_key",
    "document_keys",
    "readonly",
    "warm_up",
]
