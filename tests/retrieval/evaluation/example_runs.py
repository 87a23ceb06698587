"""Runs with values that are easy to add up."""

from retrieval.evaluation.grid import Value
from retrieval.evaluation.runs import Run, percentiles
from retrieval.evaluation.statistics import metrics


def run_of(dataset: str, mode: str, value: float, **varied: Value) -> Run:
    return Run(
        dataset=dataset,
        mode=mode,
        settings={"candidates": 100, **varied},
        varied=varied,
        values={name: {"q1": value, "q2": value} for name in metrics.MEASURES},
        latency_ms=percentiles({"total": [1.0, 3.0]}),
        queries_per_second=10.0,
        found={"q1": [("x", 0.5), ("y", 0.5)], "q2": []},
    )
