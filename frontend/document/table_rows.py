"""The rows of a table in a document's text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from documents.extracted_text import TableCell
from frontend.snippets import SnippetPiece, Span, marked_pieces

MOST_COLUMNS = 200


@dataclass(frozen=True)
class ShownCell:
    """A cell as the page shows it; one without text has no pieces."""

    pieces: list[SnippetPiece]
    is_header: bool = False

    @property
    def is_marked(self) -> bool:
        return any(piece.marked for piece in self.pieces)


def table_rows(
    text: str, offset: int, cells: Sequence[TableCell], marks: Sequence[Span]
) -> list[list[ShownCell]]:
    """The rows of `text`, which begins at `offset` of its document. Offsets are the document's.

    Without any cell of values in it, its lines are the rows, and tabulators part their cells.
    """
    stop = offset + len(text)
    inside = [cell for cell in cells if offset <= cell.start and cell.end <= stop]
    if all(cell.is_header for cell in inside):
        inside = list(_cells_of_lines(text, offset, inside))
    inside.sort(key=lambda cell: (cell.row, cell.column))
    rows = []
    for _row, group in groupby(inside, key=lambda cell: cell.row):
        row: list[ShownCell] = []
        for cell in group:
            row += [ShownCell([])] * (min(cell.column, MOST_COLUMNS) - len(row))
            begin, end = cell.start - offset, cell.end - offset
            local = [(first - offset, last - offset) for first, last in marks]
            row.append(ShownCell(marked_pieces(text, local, begin, end), cell.is_header))
        rows.append(row)
    return rows


def _cells_of_lines(text: str, offset: int, headers: Sequence[TableCell]) -> Iterator[TableCell]:
    named = {cell.start for cell in headers}
    at = offset
    for number, line in enumerate(text.split("\n")):
        for column, value in enumerate(line.split("\t")):
            if value.strip():
                yield TableCell(at, at + len(value), number, column, at in named)
            at += len(value) + 1
