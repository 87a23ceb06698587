"""Extracted text laid out for reading."""

from hypothesis import given
from hypothesis import strategies as st

from documents.extracted_text import Block
from frontend.document.blocks import (
    PART,
    HeadingRow,
    TextBlock,
    part_bounds,
    snap_to_line,
    text_blocks,
)

TEXT = "# Tides\nThe moon pulls.\n\nTwice a day.\n# Bread\nFlour and water."
HEADINGS: list[HeadingRow] = [
    {"start": 0, "level": 1, "title": "Tides"},
    {"start": TEXT.index("# Bread"), "level": 2, "title": "Bread"},
]


def said(block: TextBlock) -> str:
    return "".join(f"[{p.text}]" if p.marked else p.text for p in block.pieces)


def test_headings_and_paragraphs_in_order() -> None:
    found = text_blocks(TEXT, 0, HEADINGS, [], [])
    assert [(b.kind, said(b)) for b in found] == [
        ("heading", "Tides"),
        ("paragraph", "The moon pulls."),
        ("paragraph", "Twice a day."),
        ("heading", "Bread"),
        ("paragraph", "Flour and water."),
    ]
    assert [(b.start, b.level) for b in found if b.kind == "heading"] == [(0, 1), (38, 2)]


def test_a_passage_is_marked_across_paragraphs_and_begins_once() -> None:
    start, end = TEXT.index("pulls"), TEXT.index(" a day")
    found = text_blocks(TEXT, 0, HEADINGS, [], [(start, end)])
    assert [said(b) for b in found][1:3] == ["The moon [pulls.]", "[Twice] a day."]
    assert [b.passage_begins for b in found] == [False, True, False, False, False]


def test_pages_have_borders_with_their_numbers() -> None:
    found = text_blocks("one\ntwo\nthree", 0, [], [0, 4, 8], [])
    assert [b.page or said(b) for b in found] == [1, "one", 2, "two", 3, "three"]


def test_places_are_those_of_the_document_in_a_later_part() -> None:
    found = text_blocks("moon pulls", 1000, [], [], [(1005, 1010)])
    assert [(b.start, said(b)) for b in found] == [(1000, "moon [pulls]")]


@given(st.text(alphabet="ab #\n", max_size=300), st.data())
def test_no_word_is_lost_or_said_twice(text: str, data: st.DataObject) -> None:
    place = st.integers(0, len(text))
    starts = sorted(data.draw(st.sets(place)))
    headings: list[HeadingRow] = [{"start": at, "level": 1, "title": "x"} for at in starts]
    start, end = sorted((data.draw(place), data.draw(place)))
    found = text_blocks(text, 0, headings, [], [(start, end)])
    letters = "".join(piece.text for block in found for piece in block.pieces)
    assert [c for c in letters if c in "ab"] == [c for c in text if c in "ab"]


def test_parts_meet_at_the_starts_of_lines() -> None:
    text = "line of text\n" * 10_000
    first, second = part_bounds(len(text), 0), part_bounds(len(text), PART + 5)
    assert first == (0, PART) and second[0] == PART
    ends = snap_to_line(text, *first, 0)[1]
    begins = snap_to_line(text[PART:], *second, PART)[0]
    assert ends == begins
    assert text[ends - 1] == "\n"


def test_lines_broken_at_a_width_flow_again_and_lists_do_not() -> None:
    full = "A line of prose that is broken where the editor of its writer ended"
    text = f"{full}\ngoes on.\n- a list\n- of two\n{full}\n- keeps its lines"
    found = text_blocks(text, 0, [], [], [], joined=True)
    assert said(found[0]) == f"{full} goes on.\n- a list\n- of two\n{full}\n- keeps its lines"
    assert said(text_blocks(text, 0, [], [], [])[0]) == text


def test_blocks_of_the_reader_are_shown_as_what_they_are() -> None:
    text = "Before\n\n    if x:\n        y()\n\none\ntwo\n\na\tb"
    structure = [
        Block("code", 8, 29, label="python"),
        Block("list_item", 31, 34, label="1."),
        Block("list_item", 35, 38, level=1),
        Block("table", 40, 43),
    ]
    found = text_blocks(text, 0, [], [], [(42, 43)], structure=structure)
    assert [(one.kind, said(one)) for one in found[:-1]] == [
        ("paragraph", "Before"),
        ("code", "    if x:\n        y()"),
        ("list_item", "one"),
        ("list_item", "two"),
    ]
    table = found[-1]
    assert table.passage_begins and table.marked_cell is table.rows[0][1]


def test_a_part_that_begins_inside_code_is_code() -> None:
    found = text_blocks("  b\n  c\n\nend", 4, [], [], [], structure=[Block("code", 0, 11)])
    assert [(one.kind, said(one)) for one in found] == [
        ("code", "  b\n  c"), ("paragraph", "end")
    ]  # fmt: skip
