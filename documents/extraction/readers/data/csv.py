"""Tables of text: each row as lines `column: value`, so that every row names its columns."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from documents.extracted_text import Block, ExtractedText, TableCell
from documents.extraction.readers.plain import read_text
from documents.extraction.table_dialect import TableDialect, sniff_table
from documents.extraction.text_builder import MOST_CELLS, TextBuilder
from documents.extraction.text_encoding import clean_text, decode_text

if TYPE_CHECKING:
    from documents.extraction.formats import Format

NUMBER = re.compile(r"[-+]?[\d.,' ]*\d[\d.,' ]*%?")
YEAR = re.compile(r"(1[89]|20)\d\d")
# Lines before the names of the columns, such as the title of a report.
MOST_PREAMBLE = 20
LONGEST_NAME = 200


def read_csv(path: Path, file_format: "Format") -> ExtractedText:
    text = clean_text(decode_text(path.read_bytes()))
    dialect = sniff_table(text)
    if dialect is None:
        return read_text(path, file_format)
    rows = [[" ".join(cell.split()) for cell in row] for row in dialect.rows(text)]
    return table_text(rows, dialect)


def table_text(rows: Sequence[Sequence[str]], dialect: TableDialect) -> ExtractedText:
    """The lines before the table as paragraphs, then its rows."""
    filled = [sum(map(bool, row)) for row in rows[: MOST_PREAMBLE + 1]]
    first = next((at for at, cells in enumerate(filled) if cells > dialect.width / 2), 0)
    builder = TextBuilder()
    for row in rows[:first]:
        builder.block("paragraph", " ".join(filter(None, row)))
    names, body = _names(rows[first:])
    if not names:
        builder.table(rows[first:])
    elif not body:
        builder.table([names], header_rows=1)
    else:
        add_records(builder, names, body)
    return builder.extracted()


def _names(rows: Sequence[Sequence[str]]) -> tuple[list[str], Sequence[Sequence[str]]]:
    """The names of the columns and the rows below; no names if the first row has none."""
    if not rows:
        return [], rows
    names = [name if len(name) <= LONGEST_NAME else "" for name in rows[0]]
    values = [name for name in names if NUMBER.fullmatch(name) and not YEAR.fullmatch(name)]
    if values or not any(names) or all(map(YEAR.fullmatch, filter(None, names))):
        return [], rows
    if sum(1 for name in names if not name) > len(names) / 2:
        return [], rows
    return names, rows[1:]


def add_records(builder: TextBuilder, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Append a table of which each row is a group of lines `name: value`.

    The names of the first group are the table's header cells, of a large table the only ones. What
    goes beyond the names stands on
    lines of its own.
    """
    records = TextBuilder()
    cells: list[TableCell] = []
    are_kept = sum(map(len, rows)) <= MOST_CELLS
    for number, row in enumerate(rows, 1):
        lines = [(at, value) for at, value in enumerate(row) if value]
        if not lines:
            continue
        place = records.length + (2 if records.parts else 0)
        text = ""
        for column, value in lines:
            name = names[column] if column < len(names) else ""
            text += "\n" if text else ""
            if name:
                if number == 1:
                    cells.append(_cell(place + len(text), name, 0, column, is_header=True))
                text += f"{name}: "
            if are_kept:
                cells.append(_cell(place + len(text), value, number, column))
            text += value
        records.block("paragraph", text)
    records.blocks = [Block("table", 0, records.length, cells=cells)]
    builder.extend(records)


def _cell(start: int, text: str, row: int, column: int, *, is_header: bool = False) -> TableCell:
    return TableCell(start, start + len(text), row, column, is_header)
