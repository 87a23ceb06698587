"""Masks of an index: booleans over its passage numbers, such as those that pass a filter.

A mask belongs to the index that made it. Passages added later are beyond its end and not in it.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Collection, Hashable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

import numpy as np
from cachetools import LRUCache

from retrieval.hits import LexicalHits, Value
from retrieval.lexical import masks
from retrieval.lexical.index_state import IndexState
from retrieval.lexical.kernels import Bools, Hashes, Ints, Longs, readonly
from retrieval.lexical.masks import DocumentColumns, PhraseDocuments
from retrieval.lexical.postings import QueryView
from retrieval.lexical.statistics import DfHistogram, VisibleStats, df_histogram
from retrieval.lexical.words import (
    FILENAME,
    TITLE,
    FieldBounds,
    HeadlineHits,
    HeadlinePlaces,
    Phrase,
    SearchTerm,
    WordPostings,
    best_headlines,
    documents_named,
    documents_with,
    headline_places,
)

MASKS_KEPT = 32  # of one byte per passage each

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
    _values: LRUCache[Hashable, frozenset[Value]]

    @abstractmethod
    def _view(
        self, terms: Sequence[SearchTerm], visible: VisibleStats | None = None
    ) -> QueryView: ...

    @abstractmethod
    def search(
        self,
        terms: Sequence[SearchTerm],
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
        documents = masks.select_documents(view, tables)
        made = VisibleStats(
            masks.expand(view, documents),
            (view.base.passages.length, view.segment.length),
            self._df_histogram,
        )
        if made.passages == passages:
            made.whole_at = generation
        with self._lock:
            self._masks[key] = made
        return made

    def values(
        self, name: str, columns: Mapping[str, Collection[Value]] = MappingProxyType({})
    ) -> frozenset[Value]:
        """The values that a column has in documents that `columns` let pass, as in `mask`."""
        wanted = frozenset((column, frozenset(each)) for column, each in columns.items())
        with self._lock:
            key = (self.generation, name, wanted)
            if key in self._values:
                return self._values[key]
            view, tables = DocumentColumns.of(self._store), masks.tables(self._store, columns)
            column = self._store.segment.values.get(name)
            known = list(column.values) if column else []
        codes = np.unique(view.column(name)[masks.select_documents(view, tables)])
        found = frozenset(known[code] for code in codes.tolist() if code >= 0)
        with self._lock:
            self._values[key] = found
        return found

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

    def holding(self, terms: Sequence[SearchTerm], within: Bools | None = None) -> Bools:
        """A mask of the passages of documents that hold every term, not all in one passage perhaps.

        With `within`, an earlier mask, the result is a subset of it and as long.
        """
        with self._lock:
            documents, view = DocumentColumns.of(self._store), self._view(terms)
        found = masks.holding(documents, view)
        return found if within is None else readonly(found[: len(within)] & within)

    def with_phrase(self, phrase: Phrase, within: Bools, field: str | None = None) -> Bools:
        """A mask, inside an earlier one, of the passages of documents in which the words of a
        phrase stand in a row: anywhere, or in the field "title" or "filename"."""
        return self._by_phrase(phrase, within, partial(documents_with, field=field))

    def named(self, phrase: Phrase, within: Bools) -> Bools:
        """A mask, inside an earlier one, of the passages of documents whose whole title is the
        phrase, or the name of whose file is, with or without its extension."""
        titled, filed = (
            self._by_phrase(phrase, within, partial(documents_named, field=field))
            for field in (TITLE, FILENAME)
        )
        return readonly(titled | filed)

    def _by_phrase(self, phrase: Phrase, within: Bools, find: PhraseDocuments) -> Bools:
        with self._lock:
            view = DocumentColumns.of(self._store)
            base, segment = self._store.base, self._store.segment_words([phrase])
            words = self._store.segment.words
            fields = [words.first, words.own, words.title, words.filename]
            first, own, title, name = (readonly(np.array(each, np.int32)) for each in fields)
        bounds = FieldBounds(first, own, title, name, view.segment.passage_document)
        found = masks.documents_with_phrase(view, base, phrase, find)
        chosen = np.zeros(len(view.live), np.bool_)
        chosen[found] = True
        if segment:
            chosen[find(phrase, segment.get, bounds) + view.before] = True
        return readonly(masks.expand(view, chosen & view.live)[: len(within)] & within)

    def headlines(self, words: Sequence[tuple[str, ...]], within: Bools, most: int) -> HeadlineHits:
        """The titles and headings, inside an earlier mask, that have for each tuple of prefixes a
        word which begins with one of them. `most` of each kind, as ids of their passages."""
        longest_first = sorted(enumerate(words), key=lambda each: -min(map(len, each[1])))
        places = (
            (at, [part for _, part in self._headline_places(prefixes, within)])
            for at, prefixes in longest_first  # which few begin with
        )
        found = best_headlines(places, most)
        with self._lock:
            stored = [self._store.base.passages.id, self._store.segment.columns.passage_id]
        ids = np.concatenate(stored)
        return HeadlineHits(ids[found.titles], ids[found.headings])

    def headline_words(self, prefix: str, within: Bools) -> list[str]:
        """The words that begin with `prefix` in titles and headings inside an earlier mask."""
        parts = self._headline_places((prefix,), within)
        return sorted(
            {words.text[row] for words, places in parts for row in np.unique(places.word).tolist()}
        )

    def _headline_places(
        self, prefixes: tuple[str, ...], within: Bools
    ) -> list[tuple[WordPostings, HeadlinePlaces]]:
        """The places of the words with one of the prefixes, in the snapshot and in the segment."""
        with self._lock:
            base, size = self._store.base.words, self._store.base.size
            segment = self._store.segment.words.freeze(prefixes)
        rows = np.unique(np.concatenate([base.text.beginning(prefix) for prefix in prefixes]))
        return [
            (base, headline_places(base, rows, within, 0)),
            (segment, headline_places(segment, range(len(segment.hash)), within, size)),
        ]

    def documents_in(self, mask: Bools) -> int:
        """How many documents an earlier mask has passages of."""
        with self._lock:
            view = DocumentColumns.of(self._store)
        passages = np.flatnonzero(mask)
        return int(np.count_nonzero(np.bincount(masks.owners(view, passages))))

    # Documents, by their numbers in this index

    def document_keys(self, documents: Longs) -> Hashes:
        """The keys (`postings.document_key`) of documents; these hold for every index."""
        return masks.hashes_of_documents(self._columns(), documents)

    def live_documents(self, keys: Hashes) -> Longs:
        """The numbers of the documents with these keys, -1 for one that is not there any more."""
        return masks.live_documents(self._columns(), keys)

    def documents_of(self, passage_ids: Sequence[int]) -> Longs:
        """The document of each passage, -1 for an unknown passage."""
        with self._lock:
            numbers, view = self._store.numbers(passage_ids), DocumentColumns.of(self._store)
        found = np.full(len(numbers), -1, np.int64)
        found[numbers >= 0] = masks.owners(view, numbers[numbers >= 0])
        return found

    def first_passages(self, documents: Longs) -> Longs:
        """The id of the first passage of each document."""
        return masks.first_passages(self._columns(), documents)

    def documents_pass(self, documents: Longs, columns: Mapping[str, Collection[Value]]) -> Bools:
        """For each document whether it is live, with a value given in each column named."""
        with self._lock:
            view, tables = DocumentColumns.of(self._store), masks.tables(self._store, columns)
        passing = view.live[documents]
        for name, table in tables.items():
            passing &= table[view.column(name)[documents]]
        return passing

    def column(self, name: str, documents: Longs) -> tuple[Ints, list[Value]]:
        """For each document the place of its value in the list, -1 without one."""
        with self._lock:
            view, column = DocumentColumns.of(self._store), self._store.segment.values.get(name)
            values = list(column.values) if column else []
        return view.column(name)[documents], values

    def _columns(self) -> DocumentColumns:
        with self._lock:
            return DocumentColumns.of(self._store)

    def allowed(self, mask: Bools, passage_ids: Sequence[int]) -> Bools:
        """For each passage whether an earlier mask has it; False for an unknown passage."""
        with self._lock:
            numbers = self._store.numbers(passage_ids)
        inside = (numbers >= 0) & (numbers < len(mask))
        inside[inside] = mask[numbers[inside]]
        return inside
