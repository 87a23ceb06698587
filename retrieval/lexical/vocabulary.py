"""The words of one language in the passages that a caller may see."""

import threading
from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from retrieval.lexical.index_state import IndexState
from retrieval.lexical.kernels import Bools, Hashes, Ints, occurs, readonly
from retrieval.lexical.postings import Surfaces, hashes, letters, rows, stable_hash
from retrieval.lexical.segment import columns_of


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
        """How many visible passages have the term, with any surface."""
        key = stable_hash(term)
        found = self._in_base(int(rows(self._store.base.terms.hash, hashes([term]))[0]), -1)
        return found + self._in_segment(key, -1)

    def count(self, word: str) -> int:
        """In how many visible passages the word is the commonest surface of its term."""
        text = f"{self.language}:{word}"
        surfaces = self._store.base.surfaces
        row = int(rows(surfaces.hash, hashes([text]))[0])
        found = self._in_base(int(surfaces.term[row]), row) if row >= 0 else 0
        with self._lock:
            segment = self._store.segment
            number = segment.surfaces.get(text)
            if number is None:
                return found
            return found + self._in_segment(segment.surface_terms[number], number)

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

    def beginning(self, prefix: str, most: int) -> Counter[str]:
        """Words that begin with `prefix`, each with its `count`.

        At most `most` of the snapshot's, those of commonest terms, and as many of what came since.
        """
        base = self._store.base
        found: Counter[str] = Counter()
        if self.language in base.languages:
            begins = _beginning(base.surfaces, prefix.encode("utf-8", "surrogatepass"))
            code = base.languages.index(self.language)
            mine = begins[base.surfaces.language[begins] == code]
            terms = base.surfaces.term[mine]
            frequency = base.terms.start[terms + 1] - base.terms.start[terms]
            for at in np.argsort(-frequency, kind="stable")[:most].tolist():
                row = int(mine[at])
                found[base.surfaces.text[row]] = self._in_base(int(terms[at]), row)
        with self._lock:
            segment = self._store.segment
            more = [word for word in self._mine(segment.surface_texts) if word.startswith(prefix)]
            for word in more[:most]:
                number = segment.surfaces[f"{self.language}:{word}"]
                found[word] += self._in_segment(segment.surface_terms[number], number)
        return +found

    def _mine(self, texts: Iterable[str]) -> Iterable[str]:
        prefix = f"{self.language}:"
        return (text.removeprefix(prefix) for text in texts if text.startswith(prefix))

    def _in_base(self, row: int, surface: int) -> int:
        if row < 0:
            return 0
        terms = self._store.base.terms
        start, end = int(terms.start[row]), int(terms.start[row + 1])
        return int(occurs(terms.passage, start, end, terms.surface, surface, 0, self._visible))

    def _in_segment(self, key: int, surface: int) -> int:
        with self._lock:
            term = self._store.segment.terms.get(key)
            if term is None:
                return 0
            passages, _, surfaces = columns_of([term])
        offset = self._store.base.size
        return int(occurs(passages, 0, len(passages), surfaces, surface, offset, self._visible))


def _beginning(surfaces: Surfaces, prefix: bytes) -> NDArray[np.int64]:
    """The rows whose text begins with the bytes, letter by letter: few are left after the first."""
    starts, ends = surfaces.text.start[:-1], surfaces.text.start[1:]
    found = np.flatnonzero(ends - starts >= len(prefix))
    for at, byte in enumerate(prefix):
        found = found[surfaces.text.data[starts[found] + at] == byte]
    return found


def _near(
    lengths: Ints, sets: Hashes, length: int, wanted: np.uint64, distance: int
) -> NDArray[np.int64]:
    differing = np.bitwise_count(sets ^ wanted)
    fits = (np.abs(lengths - length) <= distance) & (differing <= 2 * distance)
    return np.flatnonzero(fits)
