"""Metrics by arithmetic that can be checked by hand."""

import math

import pytest

from retrieval.evaluation.statistics import metrics

QRELS = {"a": {"1": 1, "2": 0}, "b": {"1": 2, "9": 1}, "c": {"3": 1}}


def test_metrics_are_those_worked_out_by_hand() -> None:
    found = {"a": ["2", "1"], "b": ["1"]}
    values = metrics.per_query(QRELS, found)
    second = 1 / math.log2(3)
    assert values["nDCG@10"] == pytest.approx({"a": second, "b": 2 / (2 + second), "c": 0})
    assert values["Recall@100"] == pytest.approx({"a": 1, "b": 0.5, "c": 0})
    assert values["MRR@10"] == pytest.approx({"a": 0.5, "b": 1, "c": 0})
    assert metrics.means(values)["MRR@10"] == pytest.approx(0.5)


def test_the_order_given_is_the_order_measured_however_scores_would_tie() -> None:
    first = metrics.per_query({"q": {"a": 1}}, {"q": ["a", "b", "c"]})
    last = metrics.per_query({"q": {"a": 1}}, {"q": ["c", "b", "a"]})
    assert [each["MRR@10"]["q"] for each in (first, last)] == pytest.approx([1, 1 / 3])


def test_only_the_first_ten_count_for_mrr_and_ndcg() -> None:
    found = {"q": [*map(str, range(10)), "hit"]}
    values = metrics.per_query({"q": {"hit": 1}}, found)
    assert [values[name]["q"] for name in metrics.MEASURES] == [0, 1, 0]


def test_nothing_found_at_all_is_all_zero() -> None:
    assert metrics.means(metrics.per_query(QRELS, {})) == {
        "nDCG@10": 0, "Recall@100": 0, "MRR@10": 0,
    }  # fmt: skip
