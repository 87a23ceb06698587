"""A setting is judged on the collection that had no part in choosing it."""

import pytest

from retrieval.evaluation.statistics import cross_validation
from tests.retrieval.evaluation.example_runs import run_of


def test_a_setting_is_chosen_without_the_collection_it_is_judged_on() -> None:
    scores = {"x": (0.9, 0.1), "y": (0.2, 0.3), "z": (0.2, 0.4)}
    runs = [
        run_of(dataset, "hybrid", value, dense_weight=weight)
        for dataset, values in scores.items()
        for weight, value in zip((0.3, 0.7), values, strict=True)
    ]
    rows = cross_validation.leave_one_out(runs, "hybrid", {"dense_weight": 0.7})
    # Without x: .2 against .35. Without y or z, x decides: .55 against .25 and .2.
    assert [(row.dataset, row.chosen.setting) for row in rows] == [
        ("x", "dense_weight=0.7"), ("y", "dense_weight=0.3"), ("z", "dense_weight=0.3"),
    ]  # fmt: skip
    assert cross_validation.value_of(rows[0].chosen) == pytest.approx(0.1)
    assert cross_validation.value_of(rows[0].best) == pytest.approx(0.9)
    gap = rows[1].difference
    assert gap is not None
    assert gap.mean == pytest.approx(0.2 - 0.3)
    assert cross_validation.leave_one_out(runs[:2], "hybrid", {}) == []
