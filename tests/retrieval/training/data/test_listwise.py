"""Held-out queries, and the lists that the loss reads."""

import pytest

from retrieval.training.data.listwise import listwise_examples, query_key, split_rows
from retrieval.training.data.rows import (
    TrainingRow,
)
from retrieval.training.errors import TrainingError


def test_whole_books_are_held_out_and_no_query_is_on_both_sides() -> None:
    rows = [TrainingRow(f"q{n}", "p", book="abcde"[n % 5]) for n in range(50)]
    rows.append(TrainingRow(" Q0 ", "p", book="b"))  # the same query as one of book a
    learnt, held_out = split_rows(rows, (), 0.2, seed=1)
    assert len({row.book for row in held_out} & {row.book for row in learnt}) <= 1
    assert len(held_out) >= 10
    assert not {query_key(r.query) for r in learnt} & {query_key(r.query) for r in held_out}
    assert split_rows(rows, (), 0.2, seed=1) == (learnt, held_out)
    named = split_rows(rows, ("c",), 0.2, seed=1)[1]
    assert {row.book for row in named} == {"c"}
    with pytest.raises(TrainingError, match="No row is of the book z"):
        split_rows(rows, ("z",), 0.2, seed=1)
    with pytest.raises(TrainingError, match="between 0 and 1"):
        split_rows(rows, (), 1.0, seed=1)


def test_without_books_queries_are_held_out() -> None:
    rows = [TrainingRow(f"q{n // 2}", f"p{n}") for n in range(40)]
    learnt, held_out = split_rows(rows, (), 0.25, seed=3)
    assert len(held_out) == 10
    assert not {r.query for r in learnt} & {r.query for r in held_out}


def test_a_list_holds_its_own_negatives_then_answers_to_other_queries() -> None:
    rows = [
        TrainingRow("a", "answer a", ("hard", "answer a too"), section="s", scores=(0.9, 0.8, 0.7)),
        TrainingRow("a", "answer a too", section="s"),
        TrainingRow("b", "answer b", section="s"),
        TrainingRow("c", "answer c", section="t"),
    ]
    first, second, *_ = listwise_examples(rows, 3, seed=0)
    assert first.texts == ("answer a", "hard", "answer c")  # b is of the same section
    assert first.scores == ()
    assert second.texts == ("answer a too", "answer c")
    (short,) = listwise_examples(rows[:1], 2, seed=0)
    assert (short.texts, short.scores) == (("answer a", "hard"), (0.9, 0.8))
