"""What BM25 needs to know of the whole index, exact after every change.

The average idf is a sum over the whole vocabulary. It is kept as a histogram (how many terms have
document frequency 1, 2, ...), which has few rows, so that no change costs a pass over all terms.
"""

import math
from collections.abc import Iterable

import numpy as np


class Statistics:
    """N, total length, and document frequencies as changed since the snapshot."""

    def __init__(self, passages: int, total_length: int, histogram: Iterable[tuple[int, int]]):
        self.passages = passages
        self.total_length = total_length
        self.terms_by_df = dict(histogram)
        self.changed: dict[int, int] = {}  # term hash -> document frequency
        self._average_idf: float | None = None

    @property
    def average_length(self) -> float:
        """Terms per passage, as the library's `avgdl`; 0 for an empty index."""
        return self.total_length / self.passages if self.passages else 0.0

    @property
    def average_idf(self) -> float:
        """The mean idf of all terms, negative ones included; 0 for an empty vocabulary."""
        if self._average_idf is None:
            df = np.fromiter(self.terms_by_df, np.float64, len(self.terms_by_df))
            terms = np.fromiter(self.terms_by_df.values(), np.float64, len(df))
            idf = np.log(self.passages - df + 0.5) - np.log(df + 0.5)
            total = float(terms.sum())
            self._average_idf = math.fsum(terms * idf) / total if total else 0.0
        return self._average_idf

    def idf(self, df: int, epsilon: float) -> float:
        """Robertson and Sparck Jones's weight, with rank_bm25's floor: epsilon * average idf."""
        idf = self._idf(df)
        return epsilon * self.average_idf if idf < 0 else idf

    def _idf(self, df: int) -> float:
        return math.log(self.passages - df + 0.5) - math.log(df + 0.5)

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
