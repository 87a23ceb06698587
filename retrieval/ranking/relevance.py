"""The relevance grade of a match: strong, good or weak.

Fused scores are relative to the best of their own list, so they are not comparable across lists.
The cosine of query and passage, and the share of the query's words in the passage, are. The cutoffs
hold for all-MiniLM-L6-v2; `manage.py calibrate_relevance` chose them (docs/ranking.md) and finds
those of another model.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.lexical import BM25Index
from retrieval.query import QueryTerms

STRONG, GOOD, WEAK = "strong", "good", "weak"
COVERAGE_WEIGHT = 0.3  # of the share of words, against a cosine


@dataclass(frozen=True)
class RelevanceCutoffs:
    """The evidence from which a match is good, and from which it is strong."""

    good: float
    strong: float

    def grade(self, value: float) -> str:
        return STRONG if value >= self.strong else GOOD if value >= self.good else WEAK


HYBRID_CUTOFFS = RelevanceCutoffs(good=0.49, strong=0.80)  # of a cosine and a share, by `evidence`
LEXICAL_CUTOFFS = RelevanceCutoffs(
    good=0.51, strong=0.70
)  # of a share, where meaning was not compared
DENSE_CUTOFFS = RelevanceCutoffs(
    good=0.41, strong=0.58
)  # of a cosine, where there are no words to look for


def relevance_grade(cosine: float | None, share: float | None, exact_matches: int = 0) -> str:
    """STRONG, GOOD or WEAK. `cosine` is None without a vector; `share` is the share of the query's
    words in the passage, from 0 to 1, None for a query without words. An exact identifier makes a
    match strong, and all words, such as a single name, make it good."""
    if exact_matches:
        return STRONG
    if cosine is None:
        return LEXICAL_CUTOFFS.grade(share or 0.0)
    if share is None:
        return DENSE_CUTOFFS.grade(cosine)
    grade = HYBRID_CUTOFFS.grade(evidence(cosine, share))
    return GOOD if grade == WEAK and share == 1 else grade


def evidence(cosine: float, share: float) -> float:
    """Cosine and share as one number, about from 0 to 1.3."""
    return cosine + COVERAGE_WEIGHT * share


def word_coverage(
    terms: QueryTerms, passage_ids: Sequence[int], index: BM25Index
) -> dict[int, float | None]:
    """For each passage the share of the query's words that it holds in some form, from 0 to 1; None
    for a query without words. Words that only add to others do not count."""
    words = [word for word in terms.words if not word.is_optional]
    sought = [term for word in words for term in word.terms]
    if not words or not passage_ids:
        return dict.fromkeys(passage_ids)
    bounds = np.cumsum([0, *(len(word.terms) for word in words[:-1])])
    held = np.logical_or.reduceat(index.holds(sought, passage_ids), bounds, axis=1)
    shares: list[float] = held.mean(axis=1).tolist()
    return dict(zip(passage_ids, shares, strict=True))
