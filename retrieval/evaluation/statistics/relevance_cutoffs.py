"""Cutoffs of good and strong matches, computed from judged collections.

Nothing in a collection answers queries of another subject. The cutoff of a good match is where
only the share FALSE_ALARMS of their pages has one. The cutoff of a strong match is where the label,
which a page shows where it sets a few of its results apart, separates the relevant results of a
collection's own queries best from the others: the ROC curve is furthest from chance there (Youden,
"Index for rating diagnostic tests", 1950). Every collection counts the same.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.search import MOST_LABELLED, RelevanceCutoffs, evidence

FALSE_ALARMS = 0.05
GRID = np.round(np.arange(0, 1.31, 0.01), 2)
ROUNDING = 1e-9

PassageEvidence = tuple[
    float, float
]  # the cosine, and the share of the query's words that it holds
Value = Callable[[PassageEvidence], float]
Doubles = NDArray[np.float64]
Bools = NDArray[np.bool_]

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
    """Shares on one collection: of pages with a match that is at least good, or strong; of results
    of its own queries that show the label of a strong match, and that are relevant with the label
    and without."""

    foreign_pages_good: float
    foreign_pages_strong: float
    own_pages_good: float
    relevant_good: float
    labelled: float
    labelled_relevant: float
    others_relevant: float


class Curves:
    """The share of a collection's pages and results at or above each value of GRID; and, if
    strong matches begin there, of results labelled so."""

    def __init__(self, answers: Iterable[JudgedAnswer], value: Value) -> None:
        pages: dict[bool, list[float]] = {True: [], False: []}
        relevant: list[float] = []
        count = {True: 0, False: 0}
        labelled = {True: np.zeros(len(GRID)), False: np.zeros(len(GRID))}
        for answer in answers:
            found = [max(map(value, result.passages)) for result in answer.results]
            pages[answer.own].append(max(found, default=0.0))
            shown = _labelled(found) if answer.own and found else ()
            for each, result, where in zip(found, answer.results, shown, strict=False):
                relevant += [each] * result.relevant
                count[result.relevant] += 1
                labelled[result.relevant] += where
        self.own_pages, self.foreign_pages = _above(pages[True]), _above(pages[False])
        self.relevant = _above(relevant)
        self.count, self.labelled = count, labelled

    @property
    def separation(self) -> Doubles:
        """How much more of the relevant results than of the others are labelled."""
        relevant, others = (self.labelled[r] / max(1, self.count[r]) for r in (True, False))
        return relevant - others

    def rates(self, cutoffs: RelevanceCutoffs) -> Rates:
        good, strong = np.searchsorted(GRID, [cutoffs.good - ROUNDING, cutoffs.strong - ROUNDING])
        relevant, others = (float(self.labelled[r][strong]) for r in (True, False))
        labelled, results = relevant + others, sum(self.count.values())
        return Rates(
            foreign_pages_good=float(self.foreign_pages[good]),
            foreign_pages_strong=float(self.foreign_pages[strong]),
            own_pages_good=float(self.own_pages[good]),
            relevant_good=float(self.relevant[good]),
            labelled=labelled / max(1, results),
            labelled_relevant=relevant / max(1, labelled),
            others_relevant=(self.count[True] - relevant) / max(1, results - labelled),
        )


def _above(values: Sequence[float]) -> Doubles:
    listed = np.sort(np.array(values, np.float64))
    return (len(listed) - np.searchsorted(listed, GRID - ROUNDING)) / max(1, len(listed))


def _labelled(values: Sequence[float]) -> Bools:
    """For each result of a page, and each value of GRID, whether it shows the label."""
    above = np.array(values, np.float64)[:, None] >= GRID - ROUNDING
    shown: Bools = above & (above.mean(axis=0) <= MOST_LABELLED)
    return shown


def rate_curves(answers: Sequence[JudgedAnswer], value: Value) -> dict[str, Curves]:
    """By collection, in their order."""
    names = dict.fromkeys(answer.dataset for answer in answers)
    return {name: Curves([a for a in answers if a.dataset == name], value) for name in names}


def choose_cutoffs(of: Iterable[Curves]) -> RelevanceCutoffs:
    """The cutoffs for these collections, each with the same weight."""
    listed = list(of)
    alarms = np.mean([each.foreign_pages for each in listed], axis=0)
    parted = np.mean([each.separation for each in listed], axis=0)
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
