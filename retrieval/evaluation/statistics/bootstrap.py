"""Paired bootstrap: confidence intervals for the difference of two runs over the same queries.

Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), percentile intervals; for retrieval
Sakai, "Evaluating evaluation metrics based on the bootstrap" (SIGIR 2006).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 10_000
SEED = 20_240_229
AT_ONCE = 500

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Difference:
    """Mean of `first - second` over the same queries, with its 95 % interval."""

    first: int
    second: int
    mean: float
    low: float
    high: float


def paired_differences(runs: Sequence[Sequence[float]]) -> list[Difference]:
    """Every pair of runs, the later minus the earlier; `runs[i][j]` is run i's value for query j.

    All pairs are compared on the same resamples, and the same input gives the same intervals.
    """
    values = np.asarray(runs, np.float64)
    if values.ndim != 2 or not values.size:
        return []
    means = resampled_means(values)
    found = []
    for first in range(len(values)):
        for second in range(first):
            low, high = np.percentile(means[:, first] - means[:, second], (2.5, 97.5))
            mean = float((values[first] - values[second]).mean())
            found.append(Difference(first, second, mean, float(low), float(high)))
    return found


def resampled_means(values: Doubles) -> Doubles:
    """(resamples, runs): the mean of each run over queries drawn with replacement.

    `values` is (runs, queries). A resample is how often each query was drawn, so that the means
    of all runs are one product of matrices.
    """
    random = np.random.default_rng(SEED)
    queries = values.shape[1]
    chances = np.full(queries, 1 / queries)
    blocks = [
        random.multinomial(queries, chances, size=min(AT_ONCE, RESAMPLES - done)) @ values.T
        for done in range(0, RESAMPLES, AT_ONCE)
    ]
    means: Doubles = np.concatenate(blocks) / queries
    return means
