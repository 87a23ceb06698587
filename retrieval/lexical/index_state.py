"""The state of an index: a snapshot, the segment over it, and the live passages of both.

Passages are numbered consecutively, first the snapshot's, then the segment's; a number is never
reused. Arrays that readers have are never written to, so readers need the lock only to take them.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock

import numpy as np
from cachetools import Cache, LRUCache, cachedmethod

from retrieval.hits import DocumentEntry, PassageEntry
from retrieval.lexical import kernels
from retrieval.lexical.kernels import Bools, Hashes, Ints, Longs, frozen, readonly
from retrieval.lexical.postings import IndexPart, Postings, Terms, document_key
from retrieval.lexical.segment import Segment, columns_of
from retrieval.lexical.statistics import Statistics, count_visible
from retrieval.lexical.string_table import hashes, rows, stable_hash
from retrieval.lexical.words import (
    WORD_MARK,
    QueryTerm,
    WordPart,
    WordPostings,
    is_of_words,
    part_at,
    term_text,
    word_postings,
    words_in,
)

MADE_KEPT = 1 << 24  # bytes of postings of phrases


class LiveDocs:
    """Flags of live passages or documents. A reader's view never changes, as clearing copies."""

    def __init__(self, size: int) -> None:
        self._room = np.ones(size, np.bool_)
        self.size = size

    @property
    def view(self) -> Bools:
        """The present flags, read-only."""
        return readonly(self._room[: self.size])

    def append(self, count: int) -> None:
        """Add flags that are set."""
        self.size += count
        if self.size > len(self._room):
            self._room = np.append(self._room, np.ones(self.size // 2 + 1024, np.bool_))

    def clear(self, first: int, last: int) -> None:
        """Unset a range."""
        self._room = self._room.copy()
        self._room[first:last] = False


@dataclass(frozen=True)
class TermPostings:
    """The postings of a query's terms, and in how many live passages each occurs."""

    terms: Hashes
    parts: list[IndexPart]
    df: Longs


class IndexState:
    """It has no lock: BM25Index holds one around every call but `merged` and `base_postings`."""

    def __init__(self, base: Postings) -> None:
        self.base = base
        self.segment = Segment(base.values, base.languages)
        histogram = zip(base.df.tolist(), base.df_terms.tolist(), strict=True)
        self.statistics = Statistics(base.size, base.total_length, histogram)
        self._live = LiveDocs(base.size)
        self._document_live = LiveDocs(len(base.documents.hash))
        self.documents: dict[int, int] = {}  # those of the segment: hash -> number
        self.longest = int(base.passages.length.max(initial=0))
        self.removed = 0
        self._made: Cache[Hashable, tuple[Ints, Ints]] = LRUCache(MADE_KEPT, getsizeof=_size)
        self._made_lock = Lock()

    @property
    def live(self) -> Bools:
        """The flags of live passages."""
        return self._live.view

    @property
    def document_live(self) -> Bools:
        """The flags of live documents, in their newest version."""
        return self._document_live.view

    def add(self, document: DocumentEntry, passages: Sequence[PassageEntry]) -> None:
        """Append a document; its earlier version is removed."""
        self.remove(document.document_id)
        self.segment.add(document, [])
        self.documents[document_key(document.document_id)] = self._document_live.size
        self._document_live.append(1)
        self.extend(passages)

    def extend(self, passages: Sequence[PassageEntry]) -> None:
        """Append further passages of the document added last."""
        first = len(self.segment)
        self.segment.extend(passages)
        self._live.append(len(passages))
        for number in range(first, len(self.segment)):
            length = self.segment.lengths[number]
            self.longest = max(self.longest, length)
            self._count(np.array(self.segment.passage_terms[number], np.uint64), length, 1)

    def remove(self, document_id: str) -> bool:
        """Remove a document and its passages. False if there was none."""
        key = document_key(document_id)
        number = self.documents.pop(key, -1)
        if number >= 0:
            first, last = self._in_segment(number - len(self.base.documents.hash))
        else:
            number = self.base.document_number(key)
            if number < 0 or not self.document_live[number]:
                return False
            first, last = self.base.documents.start[number : number + 2].tolist()
        self._document_live.clear(number, number + 1)
        self._live.clear(first, last)
        self.removed += last - first
        for passage in range(first, last):
            self._count(self._terms_of(passage), self._length_of(passage), -1)
        return True

    def _in_segment(self, document: int) -> tuple[int, int]:
        """The first passage number of the segment's document, and the one after its last."""
        starts, base = self.segment.document_starts, self.base.size
        end = starts[document + 1] if document + 1 < len(starts) else len(self.segment)
        return base + starts[document], base + end

    def _terms_of(self, passage: int) -> Hashes:
        if passage >= self.base.size:
            return np.array(self.segment.passage_terms[passage - self.base.size], np.uint64)
        begin, end = self.base.passages.start[passage : passage + 2]
        found: Hashes = self.base.terms.hash[self.base.passages.term[begin:end]]
        return found

    def _length_of(self, passage: int) -> int:
        if passage >= self.base.size:
            return self.segment.lengths[passage - self.base.size]
        return int(self.base.passages.length[passage])

    def _count(self, terms: Hashes, length: int, by: int) -> None:
        before = self.frequencies(terms, rows(self.base.terms.hash, terms))
        self.statistics.change(length, terms.tolist(), before, by)

    def frequencies(self, terms: Hashes, base_rows: Longs) -> list[int]:
        """In how many live passages each term occurs."""
        changed = self.statistics.changed
        return [
            changed[term]
            if term in changed
            else (self.base.frequency(row) if row >= 0 else 0)
            for term, row in zip(terms.tolist(), base_rows.tolist(), strict=True)
        ]  # fmt: skip

    def term_postings(self, terms: Sequence[QueryTerm]) -> TermPostings:
        """The postings of the query's terms, in its order, repeated ones repeated; those made of
        words only as far as they are single words of the snapshot (`with_words` adds the rest)."""
        wanted = hashes(map(term_text, terms))
        single = np.array([isinstance(term, str) for term in terms], np.bool_)
        worded = np.array([is_of_words(term) for term in terms], np.bool_)
        parts = [self._base_part(self.base.terms, wanted, ~worded)]
        df = parts[0].sizes
        if self.statistics.changed:
            changed = map(self.statistics.changed.get, wanted.tolist(), df.tolist())
            df = np.fromiter(changed, np.int64, len(wanted))
        if len(self.segment):
            parts.append(self._segment_part(wanted))
        words = worded & single
        if words.any():
            parts.append(self._base_part(self.base.words, wanted, words))
            df += self.word_frequencies(parts[-1:])
        return TermPostings(wanted, parts, df)

    def word_frequencies(self, parts: Sequence[IndexPart]) -> Longs:
        """In how many live passages the words of some parts stand."""
        if not self.removed:
            sizes: Longs = np.add.reduce([part.sizes for part in parts])
            return sizes
        return np.array(count_visible(parts, len(parts[0].starts), self.live), np.int64)

    @cachedmethod(lambda self: self._made, lock=lambda self: self._made_lock)
    def base_postings(self, term: QueryTerm) -> tuple[Ints, Ints]:
        """The passages of the snapshot, which never changes, that a phrase or any of some words
        stands in, and how often; one search asks for them several times."""
        words = dict.fromkeys(words_in(term))
        found = rows(self.base.words.hash, hashes(WORD_MARK + word for word in words)).tolist()
        row_of = dict(zip(words, found, strict=True))
        return word_postings(term, lambda word: part_at(self.base.words, row_of[word]))

    def segment_words(self, terms: Sequence[QueryTerm]) -> dict[str, WordPart]:
        """A copy of the postings of all words that the terms are made of, as far as the segment
        has them."""
        if not len(self.segment):
            return {}
        keys = {word: stable_hash(WORD_MARK + word) for term in terms for word in words_in(term)}
        parts = {word: self.segment.words.part(key) for word, key in keys.items()}
        return {word: part for word, part in parts.items() if part is not None}

    def _base_part(self, table: Terms | WordPostings, wanted: Hashes, chosen: Bools) -> IndexPart:
        """The postings of the chosen terms in one of the tables of the snapshot."""
        starts, ends = np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.int64)
        kernels.find_slices(table.hash, table.start, wanted, chosen, starts, ends)
        return IndexPart(
            table.passage, table.tf, frozen(starts), frozen(ends), self.base.passages.length, 0
        )

    def _segment_part(self, wanted: Hashes) -> IndexPart:
        terms = self.segment.terms
        distinct = [key for key in dict.fromkeys(wanted.tolist()) if key in terms]
        held = [terms[key] for key in distinct]
        passage, tf, _ = columns_of(held)
        bounds = np.cumsum([0, *(len(term) for term in held)]).tolist()
        slices = dict(zip(distinct, pairwise(bounds), strict=True))
        limits = [slices.get(key, (0, 0)) for key in wanted.tolist()]
        starts_and_ends = np.array(limits, np.int64).reshape(-1, 2)
        return IndexPart(
            passage=passage,
            tf=tf,
            starts=readonly(starts_and_ends[:, 0]),
            ends=readonly(starts_and_ends[:, 1]),
            length=self.segment.columns.length,
            offset=self.base.size,
        )

    def numbers(self, passage_ids: Sequence[int]) -> Longs:
        """The number of each live passage, -1 for an unknown id."""
        found = self.base.passage_numbers(np.array(passage_ids, np.int64).reshape(-1))
        if self.segment.passage_numbers:
            for at, passage_id in enumerate(passage_ids):
                local = self.segment.passage_numbers.get(passage_id)
                if local is not None:
                    found[at] = self.base.size + local
        if len(self.live):
            found[(found >= 0) & ~self.live[found]] = -1
        return found

    def vocabulary(self) -> dict[str, int]:
        """Every live term with its document frequency; takes time with the vocabulary."""
        texts = [self.base.terms.text[row] for row in range(len(self.base.terms.hash))]
        base = zip(self.base.terms.hash.tolist(), texts, strict=True)
        more = ((key, term.text) for key, term in self.segment.terms.items())
        known = dict(base) | dict(more)
        keys = np.array(list(known), np.uint64)
        counts = self.frequencies(keys, rows(self.base.terms.hash, keys))
        return {text: df for text, df in zip(known.values(), counts, strict=True) if df}

    def segment_terms(self) -> tuple[Hashes, Longs, Ints]:
        """A copy of the segment's postings: the hash of each term, where its passages start, and
        their numbers."""
        terms = self.segment.terms
        sizes = [len(term) for term in terms.values()]
        starts = np.cumsum([0, *sizes[:-1]], dtype=np.int64)[: len(sizes)]
        passages = columns_of(list(terms.values()))[0]
        return np.array(list(terms), np.uint64), starts, passages + np.int32(self.base.size)

    def merged(self) -> tuple[list[Postings], Bools, Bools]:
        """What `merge` needs; takes time in proportion to the segment."""
        frozen_segment = self.segment.freeze()
        return [self.base, frozen_segment], self.live, self.document_live


def with_words(
    terms: Sequence[QueryTerm], store: IndexState, segment: Mapping[str, WordPart], lengths: Ints
) -> list[IndexPart]:
    """The postings of the terms that are made of words, as far as `term_postings` has them not.
    `segment` are those of its words, `lengths` those of its passages. Phrases are put together
    here, so the caller holds no lock."""
    parts = []
    base = store.base.passages.length
    if made := [at for at, term in enumerate(terms) if not isinstance(term, str)]:
        listed = [store.base_postings(terms[at]) for at in made]
        parts.append(_word_part(len(terms), made, listed, base, 0))
    if segment:
        places = [at for at, term in enumerate(terms) if is_of_words(term)]
        listed = [word_postings(terms[at], segment.get) for at in places]
        parts.append(_word_part(len(terms), places, listed, lengths, len(base)))
    return parts


def _word_part(
    terms: int,
    places: Sequence[int],
    listed: Sequence[tuple[Ints, Ints]],
    length: Ints,
    offset: int,
) -> IndexPart:
    """The postings listed, of the terms at these places of the query."""
    starts, ends = np.zeros(terms, np.int64), np.zeros(terms, np.int64)
    ends[places] = np.cumsum([len(passages) for passages, _ in listed])
    starts[places] = ends[places] - [len(passages) for passages, _ in listed]
    return IndexPart(
        passage=readonly(np.concatenate([passages for passages, _ in listed])),
        tf=readonly(np.concatenate([tf for _, tf in listed])),
        starts=readonly(starts),
        ends=readonly(ends),
        length=length,
        offset=offset,
    )


def _size(made: tuple[Ints, Ints]) -> int:
    return 200 + sum(array.nbytes for array in made)  # the term and the arrays take room, too
