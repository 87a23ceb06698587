"""Comparisons of evaluation runs."""

from retrieval.evaluation.runs import compare_runs, headlines
from tests.retrieval.evaluation.example_runs import run_of


def test_headlines_compare_what_differs_in_mode_alone() -> None:
    runs = [
        run_of("d", "hybrid", 0.5, dense_weight=0.3),
        run_of("d", "hybrid", 0.6, dense_weight=0.7),
        run_of("d", "hybrid+rerank", 0.7, dense_weight=0.7),
    ]
    named = {(c.run.name, c.against.name) for c in headlines(compare_runs(runs))}
    assert named == {("hybrid+rerank dense_weight=0.7", "hybrid dense_weight=0.7")}
