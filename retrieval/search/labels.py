"""Which results of a page show how strong their match is."""

from collections import Counter
from collections.abc import Iterable, Sequence

from retrieval.ranking import GOOD, STRONG, WEAK

MOST_LABELLED = 0.5  # of a page's results


def best_grade(grades: Iterable[str]) -> str:
    """The best of these, empty for none."""
    return min(grades, key=(STRONG, GOOD, WEAK).index, default="")


def telling_grades(grades: Sequence[str]) -> frozenset[str]:
    """The grades that set a few results of a page apart: its best, and weak, where at most
    MOST_LABELLED of the results have it. The others tell nothing that the order does not."""
    counts = Counter(grades)
    most = MOST_LABELLED * len(grades)
    return frozenset(grade for grade in (best_grade(counts), WEAK) if 0 < counts[grade] <= most)
