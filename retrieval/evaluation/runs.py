"""Runs of all queries at one setting, and comparisons of runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import numpy as np

from retrieval.evaluation.grid import RERANKED, GridPoint
from retrieval.evaluation.statistics import bootstrap, metrics
from retrieval.evaluation.statistics.metrics import MEASURES, PerQuery
from retrieval.modes import HYBRID


@dataclass(frozen=True)
class Run:
    """The results of one run. `varied` are the settings in which runs differ; `found` is query id
    → (document id, score), best first; latencies are milliseconds per stage."""

    dataset: str
    mode: str
    settings: GridPoint
    varied: GridPoint
    values: PerQuery
    latency_ms: Mapping[str, Mapping[str, float]]
    queries_per_second: float
    found: Mapping[str, Sequence[tuple[str, float]]] = field(repr=False)

    @property
    def name(self) -> str:
        """The mode and the varied settings: "hybrid fusion=rrf"."""
        return " ".join([self.mode, *(f"{name}={value}" for name, value in self.varied.items())])

    @property
    def setting(self) -> str:
        """The varied settings alone, for tables of one mode."""
        return self.name.removeprefix(self.mode).strip() or "the product's own"

    @property
    def means(self) -> dict[str, float]:
        return metrics.means(self.values)

    def as_json(self) -> dict[str, Any]:
        return {
            "dataset": self.dataset,
            "mode": self.mode,
            "name": self.name,
            "settings": dict(self.settings),
            "metrics": {name: round(value, 6) for name, value in self.means.items()},
            "queries": len(next(iter(self.values.values()))),
            "queries_per_second": round(self.queries_per_second, 2),
            "latency_ms": {stage: dict(times) for stage, times in self.latency_ms.items()},
        }


@dataclass(frozen=True)
class Comparison:
    """`run` minus `against`, over the same queries, with its 95 % interval."""

    dataset: str
    measure: str
    run: Run
    against: Run
    difference: float
    low: float
    high: float

    @property
    def certain(self) -> bool:
        """Whether the interval excludes zero."""
        return self.low > 0 or self.high < 0

    def as_json(self) -> dict[str, Any]:
        return {
            "dataset": self.dataset,
            "metric": self.measure,
            "run": self.run.name,
            "against": self.against.name,
            "difference": round(self.difference, 6),
            "interval": [round(self.low, 6), round(self.high, 6)],
        }


def percentiles(milliseconds: Mapping[str, Sequence[float]]) -> dict[str, dict[str, float]]:
    """Stage → p50 and p95."""
    return {
        stage: {
            "p50": round(float(np.percentile(times, 50)), 2),
            "p95": round(float(np.percentile(times, 95)), 2),
        }
        for stage, times in milliseconds.items()
    }


def compare_runs(runs: Sequence[Run]) -> list[Comparison]:
    """Comparisons of every two runs of a dataset, by every measure."""
    found = []
    for dataset, group in groupby(sorted(runs, key=lambda r: r.dataset), lambda r: r.dataset):
        members = list(group)
        for measure in MEASURES:
            values = [list(run.values[measure].values()) for run in members]
            found += [
                Comparison(dataset, measure, members[d.first], members[d.second],
                           d.mean, d.low, d.high)
                for d in bootstrap.paired_differences(values)
            ]  # fmt: skip
    return found


def headlines(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """Comparisons of fusion with each retriever, of reranking with fusion, and of a mode with and
    without synonyms and pins, all else equal."""
    return [
        c
        for c in comparisons
        if (_adds_a_stage(c.run.mode, c.against.mode) and _same_but_for_mode(c.run, c.against))
        or _differ_in_curation(c.run, c.against)
    ]


def _adds_a_stage(mode: str, other: str) -> bool:
    if mode == HYBRID:
        return other not in (HYBRID, RERANKED)
    return (mode, other) == (RERANKED, HYBRID)


def _differ_in_curation(run: Run, other: Run) -> bool:
    one, two = ({**each.settings, "mode": each.mode} for each in (run, other))
    return one.pop("curation", "") != two.pop("curation", "") and one == two


def _same_but_for_mode(run: Run, other: Run) -> bool:
    return all(run.settings.get(name) == value for name, value in other.settings.items())
