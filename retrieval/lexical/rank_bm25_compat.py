"""The interface of rank_bm25.BM25Okapi on top of postings."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from retrieval.lexical import scorer
from retrieval.lexical.index_state import IndexState
from retrieval.lexical.kernels import Bools, Floats, Longs
from retrieval.lexical.postings import QueryView
from retrieval.lexical.statistics import VisibleStats
from retrieval.lexical.words import SearchTerm


def as_term(token: Hashable) -> str:
    """The term of a token: the library accepts any hashable, the index only strings."""
    return token if isinstance(token, str) else f"\0{token!r}"


class RankBM25Compat(BM25Okapi, ABC):  # type: ignore[misc]  # the library has no type hints
    """The library's attributes and methods over live passages, in order of their addition.

    If the library would divide by zero (an empty corpus, or one without words), scores are zero.
    """

    k1: float
    epsilon: float
    _store: IndexState
    _lock: threading.RLock
    _scratches: scorer.BufferPool

    @abstractmethod
    def _view(
        self, terms: Sequence[SearchTerm], visible: VisibleStats | None = None
    ) -> QueryView: ...

    def get_scores(self, query: Iterable[Hashable]) -> Floats:
        """The scores of all live passages, as `passage_ids` orders them."""
        view = self._view([as_term(token) for token in query])
        scratch = self._scratches.take(len(view.live))
        try:
            return scorer.everything(view, self.k1, scratch)
        finally:
            self._scratches.give(scratch)

    def get_batch_scores(self, query: Iterable[Hashable], doc_ids: Sequence[int]) -> list[float]:
        """The scores of the passages at these indexes of `passage_ids`; may raise IndexError."""
        with self._lock:
            view = self._view([as_term(token) for token in query])
        numbers = np.flatnonzero(view.live)[np.array(doc_ids, np.int64).reshape(-1)]
        _, parts = scorer.shares(view, self.k1, numbers)
        found: list[float] = scorer.summed(parts).tolist()
        return found

    def passage_ids(self, mask: Bools | None = None) -> Longs:
        """The ids of all live passages, or of those in a mask, in order of their addition."""
        with self._lock:
            store = self._store
            ids = np.concatenate([store.base.passages.id, store.segment.columns.passage_id])
            chosen = store.live
        if mask is not None:
            size = min(len(mask), len(chosen))
            ids, chosen = ids[:size], mask[:size] & chosen[:size]
        found: Longs = ids[chosen]
        return found

    @property
    def passage_count(self) -> int:
        """How many live passages there are."""
        return self._store.statistics.passages

    @property
    def corpus_size(self) -> int:
        """The library's name for `passage_count`."""
        return self.passage_count

    @property
    def avgdl(self) -> float:
        """Their average length in terms."""
        return self._store.statistics.average_length

    @property
    def average_idf(self) -> float:
        """The mean idf of all terms in live passages."""
        with self._lock:
            return self._store.statistics.average_idf

    def idfs(self, terms: Sequence[SearchTerm], visible: VisibleStats | None = None) -> list[float]:
        """The idf of each term; for one that no passage holds, the greatest there can be."""
        with self._lock:
            view = self._view(terms, visible)
            greatest = (visible or self._store.statistics).idf(0, self.epsilon)
        found: list[float] = np.where(view.df > 0, view.idf, greatest).tolist()
        return found

    @property
    def doc_len(self) -> list[int]:
        """The lengths of all live passages; each access computes all of them."""
        with self._lock:
            store = self._store
            lengths = [store.base.passages.length, store.segment.columns.length]
            found: list[int] = np.concatenate(lengths)[store.live].tolist()
            return found

    @property
    def idf(self) -> dict[str, float]:
        """The idf of every live term; each access computes all of them."""
        with self._lock:
            frequencies = self._store.vocabulary()
            idf = self._store.statistics.idf
            return {term: idf(df, self.epsilon) for term, df in frequencies.items()}

    @property
    def doc_freqs(self) -> list[dict[str, int]]:
        """The term frequencies of every live passage; each access computes all of them."""
        with self._lock:
            parts = [self._store.base, self._store.segment.freeze()]
        held: list[dict[str, int]] = []
        for part in parts:
            counts: list[dict[str, int]] = [{} for _ in range(part.size)]
            bounds: NDArray[Any] = part.terms.start
            for row in range(len(part.terms.hash)):
                text, here = part.terms.text[row], slice(bounds[row], bounds[row + 1])
                for passage, tf in zip(part.terms.passage[here], part.terms.tf[here], strict=True):
                    counts[passage][text] = int(tf)
            held += counts
        return [counts for counts, live in zip(held, self._store.live, strict=False) if live]
