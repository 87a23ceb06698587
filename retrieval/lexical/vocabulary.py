"""The words of one language in the passages that a caller may see."""

import threading
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.lexical.index_state import IndexState
from retrieval.lexical.kernels import Bools, Hashes, Ints, Longs, occurs, readonly
from retrieval.lexical.postings import letters
from retrieval.lexical.segment import SegmentTerm, columns_of
from retrieval.lexical.string_table import hashes, rows, stable_hash

NOWHERE = SegmentTerm("")


class Vocabulary:
    """Counts words (folded surfaces) and terms in visible passages only."""

    def __init__(
        self, store: IndexState, lock: threading.RLock, language: str, allowed: Bools | None
    ) -> None:
        self._store, self._lock, self.language = store, lock, language
        live = store.live
        if allowed is not None:
            size = min(len(live), len(allowed))
            live = live[:size] & allowed[:size]
        self._visible = readonly(live)

    def holding(self, term: str) -> int:
        """How many visible passages hold the term, under whatever surface."""
        found = self._in_base(rows(self._store.base.terms.hash, hashes([term])), [-1])
        with self._lock:
            return found[0] + self._in_segment([stable_hash(term)], [-1])[0]

    def count(self, word: str) -> int:
        """In how many visible passages the word is the commonest surface of its term."""
        text = f"{self.language}:{word}"
        surfaces = self._store.base.surfaces
        at = rows(surfaces.hash, hashes([text]))
        at = at[at >= 0]
        found = sum(self._in_base(surfaces.term[at], at))
        with self._lock:
            segment = self._store.segment
            numbers = [segment.surfaces[text]] if text in segment.surfaces else []
            terms = [segment.surface_terms[number] for number in numbers]
            return found + sum(self._in_segment(terms, numbers))

    def similar(self, word: str, distance: int) -> list[str]:
        """Words that may be within so many edits, visible or not: check them with `count`.

        One edit changes a word's length by at most one, and its set of letters by at most two.
        """
        wanted = np.uint64(letters(word))
        base = self._store.base
        code = self._store.base.languages
        found: set[str] = set()
        if self.language in code:
            near = _near(base.surfaces.length, base.surfaces.letters, len(word), wanted, distance)
            near = near[base.surfaces.language[near] == code.index(self.language)]
            found.update(base.surfaces.text[row] for row in near.tolist())
        with self._lock:
            segment = self._store.segment
            lengths = np.array(segment.surface_lengths, np.int32)
            sets = np.array(segment.surface_letters, np.uint64)
            near = _near(lengths, sets, len(word), wanted, distance)
            found.update(self._mine(segment.surface_texts[number] for number in near.tolist()))
        return sorted(found)

    def _mine(self, texts: Iterable[str]) -> Iterable[str]:
        prefix = f"{self.language}:"
        return (text.removeprefix(prefix) for text in texts if text.startswith(prefix))

    def _in_base(self, term_rows: Ints | Longs, surfaces: Sequence[int] | Longs) -> list[int]:
        """In how many visible passages each term stands as its surface; none for row -1."""
        terms = self._store.base.terms
        there = term_rows >= 0
        starts = np.where(there, terms.start[term_rows], 0)
        ends = np.where(there, terms.start[term_rows + 1], 0)
        return self._count(terms.passage, starts, ends, terms.surface, surfaces, offset=0)

    def _in_segment(self, keys: Sequence[int], surfaces: Sequence[int]) -> list[int]:
        """The same of the segment's terms by their hashes; the caller holds the lock."""
        known = self._store.segment.terms
        held = [known.get(key, NOWHERE) for key in keys]
        passages, _, own = columns_of(held)
        bounds = np.cumsum([0, *map(len, held)], dtype=np.int64)
        offset = self._store.base.size
        return self._count(passages, bounds[:-1], bounds[1:], own, surfaces, offset=offset)

    def _count(
        self, passages: Ints, starts: Longs, ends: Longs, own: Ints,
        wanted: Sequence[int] | Longs, *, offset: int,
    ) -> list[int]:  # fmt: skip
        found = np.zeros(len(starts), np.int64)
        sought = readonly(np.array(wanted, np.int64))
        occurs(
            passages, readonly(starts), readonly(ends), own, sought, offset, self._visible, found
        )
        counted: list[int] = found.tolist()
        return counted


def _near(
    lengths: Ints, sets: Hashes, length: int, wanted: np.uint64, distance: int
) -> NDArray[np.int64]:
    differing = np.bitwise_count(sets ^ wanted)
    fits = (np.abs(lengths - length) <= distance) & (differing <= 2 * distance)
    return np.flatnonzero(fits)
