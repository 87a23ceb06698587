"""Rows of segments that stand above each other: tables, and text in columns."""

import re
from collections.abc import Iterator, Sequence
from statistics import median

from documents.extraction.readers.pdf.page_block import PageBlock, is_item
from documents.extraction.readers.pdf.page_text import LINE_END
from documents.extraction.readers.pdf.segments import Line, LineSegment

TABLE_ROWS, TABLE_CELLS = 2, 6
# Text in columns: so many rows, of so many letters on each side.
COLUMN_ROWS, COLUMN_LETTERS = 5, 18


def grids(rows: Sequence[Line]) -> Iterator[tuple[list[Line], bool]]:
    """Runs of rows that have several segments above each other, and what is between them."""
    at = 0
    plain: list[Line] = []
    while at < len(rows):
        end = _grid_end(rows, at)
        if end - at < TABLE_ROWS or (end - at) * len(grid_columns(rows[at:end])) < TABLE_CELLS:
            plain.append(rows[at])
            at += 1
            continue
        if plain:
            yield plain, False
            plain = []
        yield list(rows[at:end]), True
        at = end
    if plain:
        yield plain, False


def _grid_end(rows: Sequence[Line], start: int) -> int:
    """Where the grid that starts here ends: the last row of several segments that fits it."""
    if len(rows[start].segments) < 2 or is_item(rows[start]):
        return start
    columns = [(one.box[0], one.box[2]) for one in rows[start].segments]
    end = start + 1
    for at in range(start + 1, len(rows)):
        row = rows[at]
        if not 0 <= rows[at - 1].box[1] - row.box[3] + row.style.size < 3.2 * row.style.size:
            break
        joined = _with_row(columns, row)
        if joined is None or is_item(row):
            break
        columns = joined
        if len(row.segments) > 1:
            end = at + 1
        elif at - end >= 8:
            break
    return end


def _with_row(columns: list[tuple[float, float]], row: Line) -> list[tuple[float, float]] | None:
    """The columns widened by a row, or None if one of its segments lies across two of them."""
    found = list(columns)
    for segment in row.segments:
        left, right = segment.box[0], segment.box[2]
        met = [one for one in found if one[0] < right and left < one[1]]
        if len(met) > 1:
            return None
        found = [one for one in found if one not in met]
        found.append((min(left, *(a for a, _ in met)), max(right, *(b for _, b in met)))
                     if met else (left, right))  # fmt: skip
    return sorted(found)


def grid_columns(rows: Sequence[Line]) -> list[tuple[float, float]]:
    """The left and right borders of a grid's columns."""
    columns = [(one.box[0], one.box[2]) for one in rows[0].segments]
    for row in rows[1:]:
        columns = _with_row(columns, row) or columns
    return sorted(columns)


def is_prose(rows: Sequence[Line], columns: Sequence[tuple[float, float]]) -> bool:
    """Whether the grid is text in columns that was drawn line by line across them."""
    if len(rows) < COLUMN_ROWS or len(columns) > 4:
        return False
    for column in range(len(columns)):
        texts = [one.text for one in _column_segments(rows, columns, column)]
        if len(texts) < len(rows) / 2 or median(map(len, texts)) < COLUMN_LETTERS:
            return False
    return True


def _column_segments(
    rows: Sequence[Line], columns: Sequence[tuple[float, float]], column: int
) -> Iterator[LineSegment]:
    left, right = columns[column]
    for row in rows:
        yield from (one for one in row.segments if left <= one.box[0] < right)


def column_lines(
    rows: Sequence[Line], columns: Sequence[tuple[float, float]], column: int
) -> Iterator[Line]:
    """The lines of one column; its words may be broken at its own border."""
    left, right = columns[column]
    for row in rows:
        segments = [one for one in row.segments if left <= one.box[0] < right]
        if not segments:
            continue
        last = segments[-1]
        if row.is_broken and last is row.segments[-1]:
            yield Line(segments, is_broken=True)
        elif LINE_END.search(last.text):
            whole = LineSegment(last.text[:-1], last.box, last.style)
            yield Line([*segments[:-1], whole], is_broken=True)
        else:
            yield Line(segments)


def table_block(rows: Sequence[Line], columns: Sequence[tuple[float, float]]) -> PageBlock:
    """The grid as a table with a cell for each column of each row."""
    cells = [[""] * len(columns) for _ in rows]
    for row, line in zip(cells, rows, strict=True):
        for segment in line.segments:
            at = next(
                n for n, (left, right) in enumerate(columns) if left <= segment.box[0] < right
            )
            text = segment.text + ("-" if line.is_broken and segment is line.segments[-1] else "")
            row[at] = f"{row[at]} {text}".strip()
    return PageBlock("table", list(rows), cells, header_rows=int(_has_header(rows, cells)))


def _has_header(rows: Sequence[Line], cells: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: bold as no other, or words above numbers."""
    first, *others = cells
    named = [cell for cell in first if cell]
    if len(named) < 2:
        return False
    bold = [all(one.style.is_bold for one in row.segments) for row in rows]
    if bold[0] and not all(bold):
        return True
    numbers = sum(_is_number(cell) for row in others for cell in row)
    return not any(map(_is_plain_number, named)) and numbers >= max(len(others), 2)


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[-+(]?[$€£]?\s?\d[\d.,  ]*\s?[%€$)]?", text))


def _is_plain_number(text: str) -> bool:
    """A number that is no year: those name columns."""
    return _is_number(text) and not re.fullmatch(r"(19|20)\d\d", text)
