"""Tables in the text of a document."""

from documents.extracted_text import TableCell
from frontend.document.table_rows import ShownCell, table_rows
from frontend.snippets import SnippetPiece


def said(rows: list[list[ShownCell]]) -> list[list[str]]:
    return [["".join(piece.text for piece in cell.pieces) for cell in row] for row in rows]


def test_lines_are_rows_where_no_cells_are_kept() -> None:
    header = TableCell(100, 104, 0, 0, is_header=True)
    rows = table_rows("Item\tPlan\nRope\t12\n\t7", 100, [header], [])
    assert said(rows) == [["Item", "Plan"], ["Rope", "12"], ["", "7"]]
    assert [cell.is_header for cell in rows[0]] == [True, False]


def test_the_names_of_a_record_stand_above_its_values() -> None:
    text = "id: 1\nname: rope\n\nname: oar"
    cells = [
        TableCell(0, 2, 0, 0, is_header=True), TableCell(4, 5, 1, 0),
        TableCell(6, 10, 0, 1, is_header=True), TableCell(12, 16, 1, 1),
        TableCell(24, 27, 2, 1),
    ]  # fmt: skip
    assert said(table_rows(text, 0, cells, [])) == [["id", "name"], ["1", "rope"], ["", "oar"]]


def test_a_mark_highlights_what_it_covers_of_cells() -> None:
    rows = table_rows("a\tbc\nd\te", 10, [], [(13, 16)])
    assert rows[0][1].pieces == [SnippetPiece("b", False), SnippetPiece("c", True)]
    assert [[cell.is_marked for cell in row] for row in rows] == [[False, True], [True, False]]
