"""What BM25 needs to know of the passages it weighs words by: all, or those a caller may see.

The average idf is a mean over a whole vocabulary. It is computed from a histogram (how many terms
have document frequency 1, 2, ...), which has few rows.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np

from retrieval.lexical import kernels
from retrieval.lexical.kernels import Bools, Floats, Hashes, Ints, Longs, readonly
from retrieval.lexical.postings import IndexPart, Postings
from retrieval.lexical.string_table import rows

MOST_TERMS = 10_000  # whose document frequency is kept for each mask

DfHistogram = Mapping[int, int]  # document frequency -> how many terms have it


class CorpusStats:
    """N, total length, and rank_bm25's weights by them."""

    passages: int
    total_length: int

    @property
    def average_length(self) -> float:
        """Terms per passage, as the library's `avgdl`; 0 for no passages."""
        return self.total_length / self.passages if self.passages else 0.0

    @property
    def average_idf(self) -> float:
        """The mean idf of all terms, negative ones included; 0 for an empty vocabulary."""
        raise NotImplementedError

    def idf(self, df: int, epsilon: float) -> float:
        """Robertson and Sparck Jones's weight, with rank_bm25's floor: epsilon * average idf."""
        idf = self._idf(df)
        return epsilon * self.average_idf if idf < 0 else idf

    def weights(self, df: Longs, epsilon: float) -> Floats:
        """The `idf` of each document frequency; 0 for a term that stands nowhere."""
        return np.array([self.idf(n, epsilon) if n else 0.0 for n in df.tolist()], np.float64)

    def length_norms(self, longest: int, k1: float, b: float) -> Floats:
        """k1 * (1 - b + b * length / average) by length, as few lengths are many passages'."""
        average = self.average_length
        relative = b * np.arange(longest + 1) / average if average else np.zeros(longest + 1)
        return readonly(k1 * (1 - b + relative))

    def _idf(self, df: int) -> float:
        return math.log(self.passages - df + 0.5) - math.log(df + 0.5)

    def _mean_idf(self, histogram: DfHistogram) -> float:
        df = np.fromiter(histogram, np.float64, len(histogram))
        terms = np.fromiter(histogram.values(), np.float64, len(df))
        idf = np.log(self.passages - df + 0.5) - np.log(df + 0.5)
        total = float(terms.sum())
        return math.fsum(terms * idf) / total if total else 0.0


class Statistics(CorpusStats):
    """Of the whole index, exact after every change, with document frequencies as changed since the
    snapshot."""

    def __init__(self, passages: int, total_length: int, histogram: Iterable[tuple[int, int]]):
        self.passages = passages
        self.total_length = total_length
        self.terms_by_df = dict(histogram)
        self.changed: dict[int, int] = {}  # term hash -> document frequency
        self._average_idf: float | None = None

    @property
    def average_idf(self) -> float:
        if self._average_idf is None:
            self._average_idf = self._mean_idf(self.terms_by_df)
        return self._average_idf

    def sum_in_order(self, frequencies: Iterable[int]) -> None:
        """Take the average idf by plain addition in the order given, until the next change.

        rank_bm25 adds in order of first occurrence. Where the sum is zero but for rounding, only
        the same order gives the same rounding.
        """
        total = terms = 0.0
        for df in frequencies:
            total += self._idf(df)
            terms += 1
        self._average_idf = total / terms if terms else 0.0

    def change(self, length: int, terms: Iterable[int], before: Iterable[int], by: int) -> None:
        """Add (`by` 1) or take away (-1) a passage of so many terms, with the df of each before."""
        self._average_idf = None
        self.passages += by
        self.total_length += by * length
        for term, df in zip(terms, before, strict=True):
            self.changed[term] = df + by
            self._move(df, -1)
            self._move(df + by, 1)

    def _move(self, df: int, by: int) -> None:
        if df == 0:
            return
        terms = self.terms_by_df.get(df, 0) + by
        if terms:
            self.terms_by_df[df] = terms
        else:
            del self.terms_by_df[df]


class VisibleStats(CorpusStats):
    """Of the passages in a mask, at one moment: scores by them tell nothing of other passages.

    The mask never changes, so searches share what is counted under it, when one first asks, and
    kept: the document frequency of its terms, and the average idf, which only a term in more than
    half of the passages needs. `whole_at` is the generation of the index at which the mask held
    every passage: then the index's own statistics are the same.
    """

    def __init__(
        self, mask: Bools, lengths: Sequence[Ints], histogram: Callable[[Bools], DfHistogram]
    ) -> None:
        self.mask = mask
        self.passages = int(np.count_nonzero(mask))
        self.whole_at: int | None = None
        self._lengths = lengths
        self._histogram = histogram
        self._df: dict[int, int] = {}  # by term hash

    @cached_property
    def total_length(self) -> int:  # type: ignore[override]
        return int(np.concatenate(self._lengths)[: len(self.mask)][self.mask].sum(dtype=np.int64))

    @cached_property
    def average_idf(self) -> float:
        return self._mean_idf(self._histogram(self.mask))

    def frequencies(self, terms: Hashes, parts: Sequence[IndexPart]) -> Longs:
        """In how many visible passages each term occurs."""
        keys = terms.tolist()
        if not self._df.keys() >= set(keys):
            counted = count_visible(parts, len(keys), self.mask)
            if len(self._df) > MOST_TERMS:
                self._df.clear()
            self._df.update(zip(keys, counted, strict=True))
            return np.array(counted, np.int64)
        return np.array([self._df[key] for key in keys], np.int64)


def df_histogram(base: Postings, segment: tuple[Hashes, Longs, Ints], mask: Bools) -> DfHistogram:
    """How many terms stand in so many of the passages of a mask; takes time with their text."""
    hashes, starts, passages = segment
    counts = np.zeros(len(base.terms.hash), np.int64)
    kernels.term_counts(base.passages.start, base.passages.term, mask, counts)
    if len(hashes):
        inside = passages < len(mask)  # what came later is beyond its end
        inside[inside] = mask[passages[inside]]
        more = np.add.reduceat(inside, starts, dtype=np.int64)
        at = rows(base.terms.hash, hashes)
        counts[at[at >= 0]] += more[at >= 0]
        counts = np.append(counts, more[at < 0])
    terms = np.bincount(counts)
    df = np.flatnonzero(terms[1:]) + 1  # a term that no visible passage holds does not count
    return dict(zip(df.tolist(), terms[df].tolist(), strict=True))


def count_visible(parts: Sequence[IndexPart], terms: int, mask: Bools) -> list[int]:
    """In how many passages of a mask each of so many terms occurs."""
    found = np.zeros(terms, np.int64)
    for part in parts:
        kernels.document_frequencies(part.passage, part.starts, part.ends, part.offset, mask, found)
    counted: list[int] = found.tolist()
    return counted
