"""Cutoffs of good and strong matches, computed from judged collections.

Nothing in a collection answers queries of another subject. The cutoff of a good match is where
only the share FALSE_ALARMS of their pages has one. The cutoff of a strong match separates the
relevant results of a collection's own queries best from the others: the ROC curve is furthest from
chance there (Youden, "Index for rating diagnostic tests", 1950). Every collection counts the same.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.search import RelevanceCutoffs, evidence

FALSE_ALARMS = 0.05
GRID = np.round(np.arange(0, 1.31, 0.01), 2)
ROUNDING = 1e-9

PassageEvidence = tuple[
    float, float
]  # the cosine, and the share of the query's words that it holds
Value = Callable[[PassageEvidence], float]
Doubles = NDArray[np.float64]

# The evidence for a match: both, words alone, or meaning alone.
EVIDENCE: Mapping[str, Value] = {
    "both": lambda passage: evidence(*passage),
    "words": lambda passage: passage[1],
    "meaning": lambda passage: passage[0],
}


@dataclass(frozen=True)
class JudgedResult:
    """A document on the first page, with its passages shown."""

    passages: tuple[PassageEvidence, ...]
    relevant: bool


@dataclass(frozen=True)
class JudgedAnswer:
    """The first page of a query; `own` says that the query belongs to the collection."""

    dataset: str
    own: bool
    results: tuple[JudgedResult, ...]


@dataclass(frozen=True)
class Rates:
    """Shares on one collection: of pages with a match that is at least good, or strong."""

    foreign_pages_good: float
    foreign_pages_strong: float
    own_pages_good: float
    relevant_good: float
    relevant_strong: float
    others_strong: float


class Curves:
    """The share of a collection's pages and results at or above each value of GRID."""

    def __init__(self, answers: Iterable[JudgedAnswer], value: Value) -> None:
        pages: dict[bool, list[float]] = {True: [], False: []}
        results: dict[bool, list[float]] = {True: [], False: []}
        for answer in answers:
            found = [(max(map(value, r.passages)), r.relevant) for r in answer.results]
            pages[answer.own].append(max((each for each, _ in found), default=0.0))
            for each, relevant in found if answer.own else ():
                results[relevant].append(each)
        self.own_pages, self.foreign_pages = _above(pages[True]), _above(pages[False])
        self.relevant, self.others = _above(results[True]), _above(results[False])

    def rates(self, cutoffs: RelevanceCutoffs) -> Rates:
        good, strong = np.searchsorted(GRID, [cutoffs.good - ROUNDING, cutoffs.strong - ROUNDING])
        return Rates(
            foreign_pages_good=float(self.foreign_pages[good]),
            foreign_pages_strong=float(self.foreign_pages[strong]),
            own_pages_good=float(self.own_pages[good]),
            relevant_good=float(self.relevant[good]),
            relevant_strong=float(self.relevant[strong]),
            others_strong=float(self.others[strong]),
        )


def _above(values: Sequence[float]) -> Doubles:
    listed = np.sort(np.array(values, np.float64))
    return (len(listed) - np.searchsorted(listed, GRID - ROUNDING)) / max(1, len(listed))


def rate_curves(answers: Sequence[JudgedAnswer], value: Value) -> dict[str, Curves]:
    """By collection, in their order."""
    names = dict.fromkeys(answer.dataset for answer in answers)
    return {name: Curves([a for a in answers if a.dataset == name], value) for name in names}


def choose_cutoffs(of: Iterable[Curves]) -> RelevanceCutoffs:
    """The cutoffs for these collections, each with the same weight."""
    listed = list(of)
    alarms = np.mean([each.foreign_pages for each in listed], axis=0)
    parted = np.mean([each.relevant - each.others for each in listed], axis=0)
    good = int(np.argmax(alarms <= FALSE_ALARMS + ROUNDING))
    strong = good + int(np.argmax(parted[good:]))
    return RelevanceCutoffs(good=float(GRID[good]), strong=float(GRID[strong]))


def leave_one_out_rates(of: Mapping[str, Curves]) -> dict[str, tuple[RelevanceCutoffs, Rates]]:
    """For each collection the cutoffs chosen by the others, and their rates on it."""
    found = {}
    for name, own in of.items():
        cutoffs = choose_cutoffs(curve for other, curve in of.items() if other != name)
        found[name] = (cutoffs, own.rates(cutoffs))
    return found
