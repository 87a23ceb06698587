"""Fusion of several scored lists into one.

Each retriever brings exact scores for every candidate of the union, so fusion never has to guess
what it would have said of a candidate that it did not return itself.
"""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from retrieval.hits import Hit


@dataclass(frozen=True)
class RetrieverResult:
    """The result of one retriever for a search.

    `hits` are its own top k in order. `scores` has an exact score for each candidate of the union
    that it can score; one without a common word or a vector is absent.
    """

    name: str
    hits: Sequence[Hit]
    scores: Mapping[int, float]
    ranks: Mapping[int, int] = field(init=False)

    def __post_init__(self) -> None:
        ranks = {hit.passage_id: rank for rank, hit in enumerate(self.hits, start=1)}
        object.__setattr__(self, "ranks", ranks)


NormalizedScores = Mapping[int, float]


def max_norm(result: RetrieverResult) -> NormalizedScores:
    """Scores divided by the best, so that the best candidate counts 1 (and absent ones 0).

    The convex combination of Bruch, Gai, Ingber, "An Analysis of Fusion Functions for Hybrid
    Retrieval" (TOIS 2023), with zero as the theoretical minimum. Where no score is positive, as
    BM25 gives in tiny collections, scores are scaled from the worst (0) to the best (1).
    """
    if not result.scores:
        return {}
    best = max(result.scores.values())
    if best > 0:
        return {passage: score / best for passage, score in result.scores.items()}
    worst = min(result.scores.values())
    spread = best - worst
    return {c: (s - worst) / spread if spread else 1.0 for c, s in result.scores.items()}


def z_score(result: RetrieverResult) -> NormalizedScores:
    """Scores in standard deviations above the mean of the candidates."""
    if not result.scores:
        return {}
    mean = statistics.fmean(result.scores.values())
    deviation = statistics.pstdev(result.scores.values(), mean) or 1.0
    return {passage: (score - mean) / deviation for passage, score in result.scores.items()}


def rrf(result: RetrieverResult, k: int = 60) -> NormalizedScores:
    """1 / (k + rank), ranks counted over the retriever's exact scores of the union.

    Reciprocal rank fusion: Cormack, Clarke, Buettcher (SIGIR 2009), k = 60 as there.
    """
    ranked = sorted(result.scores.items(), key=lambda item: (-item[1], item[0]))
    return {passage: 1 / (k + rank) for rank, (passage, _) in enumerate(ranked, start=1)}


FUSIONS: dict[str, Callable[[RetrieverResult], NormalizedScores]] = {
    "max_norm": max_norm,
    "rrf": rrf,
    "z_score": z_score,
}


def fuse(
    results: Sequence[RetrieverResult], weights: Mapping[str, float], method: str = "max_norm"
) -> list[Hit]:
    """Every candidate of every retriever, best first; equal scores by passage id.

    A candidate's score is the mean of its normalised scores, weighted by the retrievers' names;
    weights that are all 0 count the same. A retriever that cannot score a candidate gives it its
    lowest score. Raises KeyError for an unknown method, and for a retriever without a weight.
    """
    normalise = FUSIONS[method]
    named = {result.name: weights[result.name] for result in results}
    if not any(named.values()):
        named = dict.fromkeys(named, 1.0)
    total = sum(named.values())
    candidates = {passage for result in results for passage in result.scores}
    fused = dict.fromkeys(candidates, 0.0)
    for result in results:
        normalised = normalise(result)
        least = min(0.0, *normalised.values()) if normalised else 0.0
        for passage in candidates:
            fused[passage] += named[result.name] / total * normalised.get(passage, least)
    return [Hit(c, s) for c, s in sorted(fused.items(), key=lambda item: (-item[1], item[0]))]


def blend(
    fused: Sequence[float], reranked: Sequence[float], weight: float, floor: float | None = None
) -> list[float]:
    """Rerank and fused scores of the same candidates, standardised and mixed by `weight`.

    `weight` 1 is the reranker alone, 0 the fused order. The result is scaled to lie between `floor`
    (the best fused score of candidates that are not reranked; by default the lowest given) and the
    best fused score given, so that reranked candidates stay above the rest.
    """
    if not fused:
        return []
    mixed = [
        weight * r + (1 - weight) * f
        for r, f in zip(_standardised(reranked), _standardised(fused), strict=True)
    ]
    low = min(fused) if floor is None else floor
    high = max(*fused, low + 0.01)  # never so close that the new order is lost
    least, most = min(mixed), max(mixed)
    scale = (high - low) / (most - least) if most > least else 0.0
    return [low + (score - least) * scale for score in mixed]


def _standardised(scores: Sequence[float]) -> list[float]:
    mean = statistics.fmean(scores)
    deviation = statistics.pstdev(scores, mean) or 1.0
    return [(score - mean) / deviation for score in scores]
