"""The restriction of a search for a retriever outside the lexical index, of bounded size."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from retrieval.lexical import Bools
from retrieval.query.filters import Filters

# Passages named one by one in a statement, at most.
MOST_IDS = 10_000
# The most rows that are examined for those that a mask admits.
MOST_ROWS = 100_000

Row = TypeVar("Row")


@dataclass(frozen=True)
class Restriction:
    """The columns of `filters` always hold. For further conditions, either `ids` are all passages
    that pass, or `admits` decides which of some passages do: `passing` of the `candidates` whose
    columns pass."""

    filters: Filters
    ids: Sequence[int] | None = None
    admits: Callable[[Sequence[int]], Bools] | None = None
    candidates: int = 0
    passing: int = 0

    def admitted(self, rows: Sequence[Row], passage: Callable[[Row], int]) -> list[Row]:
        """Those rows whose passage passes."""
        if self.admits is None:
            return list(rows)
        admitted = self.admits([passage(row) for row in rows])
        return [row for row, passes in zip(rows, admitted, strict=True) if passes]

    def first(
        self, k: int, fetch: Callable[[int], Sequence[Row]], passage: Callable[[Row], int]
    ) -> list[Row]:
        """The first `k` rows that pass, where `fetch(n)` gives the first n whose columns do.

        Fewer come back where fewer exist, or where they stand beyond the first MOST_ROWS.
        """
        if self.admits is None:
            return list(fetch(k))
        wanted = int(1.3 * k * self.candidates / max(self.passing, 1)) + 1
        while True:
            wanted = min(wanted, MOST_ROWS)
            rows = fetch(wanted)
            found = self.admitted(rows, passage)
            if len(found) >= k or len(rows) < wanted or wanted == MOST_ROWS:
                return found[:k]
            wanted *= 4
