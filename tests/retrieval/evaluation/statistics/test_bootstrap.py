"""Confidence intervals of paired differences."""

import pytest

from retrieval.evaluation.statistics import bootstrap


def test_an_interval_lies_around_the_mean_and_has_the_width_of_theory() -> None:
    values = [float(n % 2) for n in range(400)]
    (difference,) = bootstrap.paired_differences([[0.0] * 400, values])
    assert (difference.first, difference.second) == (1, 0)
    assert difference.mean == pytest.approx(0.5)
    assert difference.low == pytest.approx(0.5 - 1.96 * 0.5 / 20, abs=0.004)
    assert difference.high == pytest.approx(0.5 + 1.96 * 0.5 / 20, abs=0.004)


def test_a_constant_gain_is_certain_and_the_same_each_time() -> None:
    runs = [[0.1, 0.5, 0.9], [0.2, 0.6, 1.0]]
    (difference,) = bootstrap.paired_differences(runs)
    assert (difference.low, difference.high) == pytest.approx((0.1, 0.1))
    assert bootstrap.paired_differences(runs) == [difference]


def test_every_pair_is_compared_once() -> None:
    pairs = [(d.first, d.second) for d in bootstrap.paired_differences([[0.0], [1.0], [2.0]])]
    assert pairs == [(1, 0), (2, 0), (2, 1)]
    assert bootstrap.paired_differences([]) == []
