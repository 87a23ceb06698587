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


def test_headlines_compare_a_mode_with_and_without_synonyms_and_pins() -> None:
    runs = [
        run_of("d", "lexical", 0.5, curation="off"),
        run_of("d", "lexical", 0.6, curation="on"),
        run_of("d", "dense", 0.7, curation="on"),
        run_of("e", "lexical", 0.7, curation="on"),
    ]
    compared = headlines(compare_runs(runs))
    [found] = [c for c in compared if c.measure == "nDCG@10"]
    assert (found.run.name, found.against.name) == ("lexical curation=on", "lexical curation=off")
    assert round(found.difference, 6) == 0.1
