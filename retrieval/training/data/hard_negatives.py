"""Hard negatives: passages that a search ranks high and that do not answer the query.

Some passages that rank high do answer it, though no one judged them. Two rules avoid such false
negatives: a margin below the positive's score (Moreira et al., "NV-Retriever", 2024), and no
passage of the positive's own section.
"""

import hashlib
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from retrieval.training.data.rows import TrainingRow


@dataclass(frozen=True)
class Candidate:
    """A passage in a ranking; `text` has title and headings above its own `words`."""

    passage: str
    section: str
    text: str
    words: str
    score: float


@dataclass(frozen=True)
class NegativeRules:
    """How many negatives are drawn at random (`seed`), and from how many of the first candidates.

    A candidate with more than `1 - margin` of the positive's score is left out, as it may answer
    too. A margin below 0 allows candidates above the positive, for data with reliable labels.
    """

    count: int = 7
    depth: int = 30
    margin: float = 0.05
    seed: int = 0


def known_positives(rows: Iterable[TrainingRow]) -> Mapping[str, frozenset[str]]:
    """The passages known to answer each query, from all of its rows."""
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row.query, set()).add(row.passage)
    return {query: frozenset(passages) for query, passages in found.items()}


def choose_negatives(
    row: TrainingRow, ranking: Sequence[Candidate], known: frozenset[str], rules: NegativeRules
) -> TrainingRow | None:
    """The row with negatives from `ranking`, and its positive as found there.

    Negatives that the row has stay. None if the ranking lacks the positive, as the margin is then
    unknown, or if no candidate passes the rules.
    """
    positive = next((found for found in ranking if found.passage == row.passage), None)
    if positive is None:
        return None
    fit = _fit(row, positive, ranking[: rules.depth], known, rules.margin)
    missing = max(0, rules.count - len(row.negatives))
    drawn = set(_chance(row, rules.seed).sample(range(len(fit)), min(missing, len(fit))))
    taken = [found for at, found in enumerate(fit) if at in drawn]
    negatives = (*row.negatives, *(found.text for found in taken))
    if not negatives:
        return None
    scores = () if row.negatives else (positive.score, *(found.score for found in taken))
    return replace(row, positive=positive.text, negatives=negatives, scores=scores)


def _fit(
    row: TrainingRow,
    positive: Candidate,
    ranking: Sequence[Candidate],
    known: frozenset[str],
    margin: float,
) -> list[Candidate]:
    """The candidates that pass the rules, without repeated words under other titles."""
    most = positive.score - margin * abs(positive.score)
    seen = {_plain(positive.words)}
    fit = []
    for found in ranking:
        words = _plain(found.words)
        if (
            found.passage not in known
            and not (row.section and found.section == row.section)
            and found.score <= most
            and words not in seen
            and found.text not in row.negatives
        ):
            seen.add(words)
            fit.append(found)
    return fit


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _chance(row: TrainingRow, seed: int) -> random.Random:
    """A random generator for the row, so that an interrupted run draws the same negatives."""
    text = f"{seed}\0{row.query}\0{row.passage}"
    return random.Random(hashlib.sha256(text.encode()).digest())  # noqa: S311
