"""Passages found on a page whose text differs from the extracted one."""

from time import process_time

import pytest

from documents.page_renderer import Box, PageWord
from frontend.document.word_alignment import passage_boxes


def page(*lines: str) -> list[PageWord]:
    """Words 10 pixels a letter wide, lines 20 high and 30 apart."""
    found = []
    for row, line in enumerate(lines):
        left = 0
        for text in line.split():
            right = left + 10 * len(text)
            found.append(PageWord(text, ((left, 30 * row, right, 30 * row + 20),)))
            left = right + 10
    return found


def test_a_passage_is_a_box_for_each_line_it_takes() -> None:
    words = page("The tide comes in", "twice a day and goes", "out again at night.")
    assert passage_boxes(words, "twice a day\nand goes out again") == [
        (0, 30, 200, 50),
        (0, 60, 90, 80),
    ]


def test_case_markup_and_ligatures_make_no_difference() -> None:
    words = page("HEADER 7", "The \ufb01sh market opens", "at five.")
    assert passage_boxes(words, "# The fish **market** opens") == [(0, 30, 200, 50)]


def test_what_the_page_has_besides_is_boxed_with_what_is_around_it() -> None:
    words = page("one two three four five six", "seven 12 eight nine ten")
    found = passage_boxes(words, "four five six seven eight nine ten")
    assert found == [(140, 0, 270, 20), (0, 30, 230, 50)]


def test_the_same_words_elsewhere_are_left_alone() -> None:
    far = "the of and a in " * 8
    words = page(far, "the gates of the basin close", far)
    assert passage_boxes(words, "the gates of the basin close") == [(0, 30, 280, 50)]


def test_a_word_on_two_lines_has_two_boxes() -> None:
    first, second = (100, 0, 140, 20), (0, 30, 60, 50)
    words = [PageWord("the", ((50, 0, 90, 20),)), PageWord("har\ufffebour", (first, second))]
    expected: list[Box] = [(50, 0, 140, 20), second]
    assert passage_boxes(words, "the harbour") == expected


@pytest.mark.timing
def test_a_passage_of_any_length_is_aligned_in_bounded_time() -> None:
    words = page(*["all the same words " * 3] * 1000)
    began = process_time()
    found = passage_boxes(words, "all the same words " * 30_000)
    assert process_time() - began < 10  # unbounded, it would take hours
    assert 30 < len(found) < 100


def test_a_passage_that_is_not_there_has_no_box() -> None:
    words = page("The tide comes in twice a day")
    assert passage_boxes(words, "Harbour dues are paid by length and by day at the office") == []
    assert (
        passage_boxes(words, "")
        == passage_boxes([], "tide")
        == passage_boxes(words, "*** --- ***")
        == []
    )
