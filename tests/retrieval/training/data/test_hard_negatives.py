"""The choice of hard negatives from a ranking."""

from collections.abc import Sequence
from typing import Any

from retrieval.training.data.hard_negatives import (
    NegativeRules,
    choose_negatives,
    known_positives,
)
from retrieval.training.data.rows import (
    TrainingRow,
)
from tests.retrieval.training.data.example_rows import RANKING, ROW, found


def chosen(row: TrainingRow = ROW, also: Sequence[str] = (), **rules: Any) -> TrainingRow | None:
    return choose_negatives(row, RANKING, frozenset({"p", *also}), NegativeRules(**rules))


def test_negatives_keep_a_margin_below_the_positive_and_come_from_other_sections() -> None:
    row = chosen(margin=0.05)
    assert row
    # .79 is more than .95 of .8; the neighbour is of the same section; the copy says the same.
    assert row.negatives == ("Title\nwords of far", "Title\nwords of further")
    assert row.scores == (0.8, 0.5, 0.4)
    assert row.positive == "Title\nwords of p"


def test_without_a_margin_what_is_above_the_positive_is_a_negative_too() -> None:
    row = chosen(margin=-1)
    assert row and row.scores == (0.8, 0.9, 0.79, 0.5, 0.4)


def test_what_answers_the_same_query_in_another_row_is_no_negative() -> None:
    rows = [ROW, TrainingRow(ROW.query, "another answer", passage="far")]
    assert known_positives(rows) == {ROW.query: frozenset({"p", "far"})}
    row = chosen(also=["far"])
    assert row and row.negatives == ("Title\nwords of further",)


def test_negatives_are_drawn_from_the_depth_and_alike_for_one_seed() -> None:
    draws = {seed: chosen(margin=-1, count=2, seed=seed) for seed in range(8)}
    assert draws == {seed: chosen(margin=-1, count=2, seed=seed) for seed in range(8)}
    assert len({row.negatives for row in draws.values() if row}) > 1
    shallow = chosen(margin=-1, depth=3)
    assert shallow and shallow.scores == (0.8, 0.9, 0.79)


def test_own_negatives_stay_and_mined_ones_fill_up() -> None:
    own = TrainingRow("what is it?", "the answer", ("no answer",), "p", "one")
    row = chosen(own, count=2)
    assert row and row.negatives[0] == "no answer" and len(row.negatives) == 2
    assert row.scores == ()  # the search did not say what it thinks of the first


def test_a_row_whose_passage_is_not_found_is_left_out() -> None:
    assert chosen(TrainingRow("q", "p", passage="elsewhere")) is None
    assert choose_negatives(ROW, [found("p", 0.8)], frozenset({"p"}), NegativeRules()) is None
