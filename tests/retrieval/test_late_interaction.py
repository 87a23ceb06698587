"""Late interaction by arithmetic that can be checked by eye: vectors of two dimensions."""

import subprocess
import sys
from collections.abc import Sequence

import numpy as np
import pytest

from retrieval import late_interaction
from retrieval.late_interaction import WINDOW_SHARE, TokenEmbeddings, uniform_weights
from retrieval.rerankers.token_vectors import split_sentences

EAST, NORTH, BETWEEN = (1.0, 0.0), (0.0, 1.0), (0.6, 0.8)


def reading(text: str, *vectors: tuple[float, float]) -> TokenEmbeddings:
    """A text whose words are one piece each."""
    spans, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        spans.append((at, at + len(word)))
        at += len(word)
    assert len(spans) == len(vectors)
    return TokenEmbeddings(text, np.array(vectors, np.float32).reshape(-1, 2), spans, spans)


def test_each_word_of_the_query_counts_by_its_best_match() -> None:
    query = reading("car red", EAST, NORTH)
    passage = reading("automobile of", EAST, BETWEEN)
    max_sim = (1.0 + 0.8) / 2
    # mean of the query (.5, .5), of the only window (.8, .4)
    window = (0.8 + 0.4) / (np.sqrt(2) * np.sqrt(0.8**2 + 0.4**2))
    expected = (1 - WINDOW_SHARE) * max_sim + WINDOW_SHARE * window
    assert late_interaction.maxsim_score(query, passage) == pytest.approx(expected, abs=1e-5)


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    def weigh(words: Sequence[str]) -> list[float]:
        return [{"rare": 9.0, "common": 1.0}[word] for word in words]

    query = reading("rare common", EAST, NORTH)
    has_rare, has_common = reading("a", EAST), reading("b", NORTH)
    assert late_interaction.piece_weights(query, weigh).tolist() == pytest.approx([0.9, 0.1])
    rare, common = (late_interaction.maxsim_score(query, p, weigh) for p in (has_rare, has_common))
    assert rare > common
    assert late_interaction.maxsim_score(query, has_rare) == pytest.approx(
        late_interaction.maxsim_score(query, has_common)
    )


def test_the_pieces_of_a_word_share_its_weight() -> None:
    vectors = np.array([EAST, NORTH, BETWEEN], np.float32)
    query = TokenEmbeddings("abcd ef", vectors, [(0, 2), (2, 4), (5, 7)], [(0, 4), (0, 4), (5, 7)])
    assert late_interaction.piece_weights(query, uniform_weights).tolist() == [0.25, 0.25, 0.5]


def test_a_long_passage_is_judged_by_its_best_window_too() -> None:
    query = reading("q", EAST)
    scattered = reading(" ".join("abcdefgh" * 8), *([EAST, NORTH] * 32))
    together = reading(" ".join("abcdefgh" * 8), *([EAST] * 32 + [NORTH] * 32))
    assert late_interaction.maxsim_score(query, together) > late_interaction.maxsim_score(
        query, scattered
    )


def test_nothing_matches_nothing() -> None:
    nothing, something = (
        TokenEmbeddings("", np.zeros((0, 2), np.float32), [], []),
        reading("a", EAST),
    )
    assert late_interaction.maxsim_score(nothing, something) == 0
    assert late_interaction.maxsim_score(something, nothing) == 0
    assert late_interaction.best_span(something, nothing, []) is None


def test_weights_of_zero_leave_all_pieces_alike() -> None:
    query = reading("? !", EAST, NORTH)
    assert late_interaction.piece_weights(query, uniform_weights).tolist() == [0.5, 0.5]


def test_the_best_part_is_the_one_that_answers() -> None:
    passage = reading("one two three four", NORTH, NORTH, EAST, BETWEEN)
    parts = [(0, 7), (8, 18)]
    assert late_interaction.best_span(reading("q", EAST), passage, parts) == (8, 18)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two is 2.5 long!\nThree", ["One.", "Two is 2.5 long!", "Three"]),
        ("搜索引擎。它很快。", ["搜索引擎。", "它很快。"]),
        ("ما هذا؟ هذا كتاب.", ["ما هذا؟", "هذا كتاب."]),
        ("  \n ", []),
    ],
)
def test_sentences_end_as_their_script_ends_them(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text)] == expected


def test_the_arithmetic_needs_neither_django_nor_torch() -> None:
    code = (
        "import sys, retrieval.late_interaction; "
        "sys.exit(', '.join({'django', 'torch'} & set(sys.modules)) or 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
