"""Passages as a results page shows them."""

from frontend.snippets import SnippetPiece, marked_pieces, plain_title, snippet


def shown(found: list[SnippetPiece]) -> str:
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in found)


def test_text_is_cut_where_marks_begin_and_end() -> None:
    assert shown(marked_pieces("the spring tide", [(4, 10), (11, 15)])) == "the [spring] [tide]"


def test_marks_that_overlap_or_leave_the_text_lose_nothing_and_double_nothing() -> None:
    assert shown(marked_pieces("abcdef", [(1, 4), (2, 5), (5, 99), (-3, 0)])) == "a[bcd][e][f]"


def test_a_short_passage_is_shown_whole() -> None:
    assert shown(snippet("a short text", [(2, 7)], 340)) == "a [short] text"


def test_a_long_passage_is_shown_around_its_densest_marks_and_cut_at_words() -> None:
    text = "word " * 200 + "spring tide " + "word " * 200
    found = shown(snippet(text, [(0, 4), (1000, 1006), (1007, 1011)], 100))
    assert "[spring] [tide]" in found
    assert found.startswith("… word") and found.endswith("word …")
    assert len(found) <= 110
    rows = "Person\t0.125\n" * 100 + "oar\t0.1\n" + "Person\t0.125\n" * 100
    found = shown(snippet(rows, [(1300, 1303)], 100))
    assert found.startswith(("… Person\u00a0·", "… 0.125\u00a0/")) and not found.endswith("0.1 …")


def test_a_heading_loses_its_tags_and_nothing_else() -> None:
    assert plain_title('<a name="x"></a>4 Levels, 3 < 5') == "4 Levels, 3 < 5"
    assert plain_title("<br>") == "<br>"


def test_a_first_line_that_repeats_the_heading_is_left_out() -> None:
    text = "## Storm surge\nThe gates close."
    assert shown(snippet(text, [(19, 24)], 340, ["Tides", "Storm surge"])) == "The [gates] close."
    assert shown(snippet("## Storm surge", [], 340, ["Storm surge"])) == "Storm surge"


def test_dots_and_slashes_part_the_cells_of_a_table_and_code_keeps_its_indentation() -> None:
    assert (
        shown(snippet("Rope\t\t12 m\t\nOar\t2", [(6, 8)], 340))
        == "Rope\u00a0· [12] m\u00a0/ Oar\u00a0· 2"
    )
    assert shown(snippet("Sea\n\nRope\t12\n\nOar", [], 340, ["Sea"])) == "Rope\u00a0· 12\u00a0/ Oar"
    assert shown(snippet("if x:\n\t\ty()", [], 340)) == "if x:\n\t\ty()"
