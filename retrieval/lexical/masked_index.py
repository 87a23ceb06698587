"""Masks of an index: booleans over its passage numbers, such as those that pass a filter.

A mask belongs to the index that made it. Passages added later are beyond its end and not in it.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Collection, Hashable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from cachetools import LRUCache

from retrieval.hits import LexicalHits, Value
from retrieval.lexical import masks
from retrieval.lexical.index_state import IndexState
from retrieval.lexical.kernels import Bools, Hashes, readonly
from retrieval.lexical.masks import DocumentColumns
from retrieval.lexical.postings import QueryView
from retrieval.lexical.statistics import DfHistogram, VisibleStats, df_histogram

MASKS_KEPT = 32  # of one byte per passage each
PASSAGES_OF_A_DOCUMENT = 4  # looked at for each, where the best documents are wanted

MaskCache = LRUCache[Hashable, VisibleStats]


def new_mask_cache() -> MaskCache:
    """For the masks of an index, by its generation and the values wanted."""
    return LRUCache(MASKS_KEPT)


class MaskedIndex(ABC):
    """The index's methods for masks. They hold the lock to take arrays, never to compute."""

    generation: int
    _store: IndexState
    _lock: threading.RLock
    _masks: MaskCache

    @abstractmethod
    def _view(self, terms: Sequence[str], visible: VisibleStats | None = None) -> QueryView: ...

    @abstractmethod
    def search(
        self,
        terms: Sequence[str],
        k: int,
        allowed: Bools | None = None,
        visible: VisibleStats | None = None,
    ) -> LexicalHits: ...

    def mask(self, columns: Mapping[str, Collection[Value]] = MappingProxyType({})) -> Bools:
        """The passages of documents that have, in each column named, a value given for it;
        no values fit nothing."""
        return self.visible(columns).mask

    def visible(
        self, columns: Mapping[str, Collection[Value]] = MappingProxyType({})
    ) -> VisibleStats:
        """The mask of the same passages, and what words weigh for a caller who sees these alone;
        made once until the index changes."""
        values = frozenset((name, frozenset(each)) for name, each in columns.items())
        with self._lock:
            key = (self.generation, values)
            kept = self._masks.get(key)
            if kept is not None:
                return kept
            view, tables = DocumentColumns.of(self._store), masks.tables(self._store, columns)
            generation, passages = self.generation, self._store.statistics.passages
        made = VisibleStats(
            masks.select_passages(view, tables),
            (view.base.passages.length, view.segment.length),
            self._df_histogram,
        )
        if made.passages == passages:
            made.whole_at = generation
        with self._lock:
            self._masks[key] = made
        return made

    def _df_histogram(self, mask: Bools) -> DfHistogram:
        with self._lock:
            base, segment = self._store.base, self._store.segment_terms()
        return df_histogram(base, segment, mask)

    def among(self, keys: Hashes, within: Bools) -> Bools:
        """A mask, inside an earlier one, of the passages of documents with these keys
        (`postings.document_keys`)."""
        with self._lock:
            view = DocumentColumns.of(self._store)
        return readonly(masks.among(view, keys)[: len(within)] & within)

    def holding(self, terms: Sequence[str], within: Bools | None = None) -> Bools:
        """A mask of the passages of documents that have every term, in any of their passages.

        With `within`, an earlier mask, the result is a subset of it and as long.
        """
        with self._lock:
            documents, view = DocumentColumns.of(self._store), self._view(terms)
        found = masks.holding(documents, view)
        return found if within is None else readonly(found[: len(within)] & within)

    def allowed(self, mask: Bools, passage_ids: Sequence[int]) -> Bools:
        """For each passage whether an earlier mask has it; False for an unknown passage."""
        with self._lock:
            numbers = self._store.numbers(passage_ids)
        inside = (numbers >= 0) & (numbers < len(mask))
        inside[inside] = mask[numbers[inside]]
        return inside

    def one_for_each_document(
        self, mask: Bools, most: int, terms: Sequence[str], visible: VisibleStats | None = None
    ) -> tuple[list[int], int]:
        """The id of one passage of each document in an earlier mask, and how many documents there
        are. Of more than `most` documents, those that match the terms best."""
        with self._lock:
            view = DocumentColumns.of(self._store)
            numbers = np.flatnonzero(mask & self._store.live[: len(mask)])
        chosen = masks.first_of_each_document(view, numbers)
        documents = len(chosen)
        if documents > most:
            hits = self.search(terms, PASSAGES_OF_A_DOCUMENT * most, mask, visible).hits
            with self._lock:
                numbers = self._store.numbers([hit.passage_id for hit in hits])
            chosen = masks.first_of_each_document(view, numbers[numbers >= 0])[:most]
        return masks.passage_ids(view, chosen).tolist(), documents
