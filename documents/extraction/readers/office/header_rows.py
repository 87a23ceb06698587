"""Rows of cells: whether the first one names the columns, and whether they are a table at all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from documents.extraction.text_builder import TextBuilder

NUMBER = re.compile(r"[-+(]?[^\w\s]?\s?\d[\d.,:/ %'-]*[)%]?\s?\w{0,3}")
LONGEST_NAME = 80
# A table with a longer cell arranges what is in it.
LONGEST_CELL = 1500


@dataclass
class CellRows:
    """The cells of a table, row by row."""

    rows: list[list[str]] = field(default_factory=list)
    header_rows: int = 0

    @property
    def is_layout(self) -> bool:
        """Whether it arranges texts: in one column, or long ones."""
        return max(map(len, self.rows), default=0) == 1 or any(
            len(cell) > LONGEST_CELL for row in self.rows for cell in row
        )


def append_rows(builder: TextBuilder, rows: list[list[str]]) -> None:
    """Append rows as a table, or their cells as paragraphs where they only arrange these."""
    if rows and CellRows(rows).is_layout:
        for cell in (cell for row in rows for cell in row):
            builder.block("paragraph", cell)
    elif rows:
        builder.table(rows, header_rows=int(is_header_row(rows)))


def is_header_row(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row holds short different names, and the second is another one.

    A row of numbers names nothing, save years beside names.
    """
    if len(rows) < 2:
        return False
    names = [cell.strip() for cell in rows[0]]
    filled = [name for name in names if name]
    width = max(len([cell for cell in row if cell.strip()]) for row in rows[1:3])
    if len(filled) < 2 or len(filled) < min(width, len(names)) - 1:
        return False
    if not all(re.search(r"\w", name) for name in filled):
        return False
    numbers = sum(bool(NUMBER.fullmatch(name)) for name in filled)
    years = sum(bool(re.fullmatch(r"(19|20)\d\d", name)) for name in filled)
    short = all(len(name) <= LONGEST_NAME for name in filled)
    return short and len(set(filled)) == len(filled) and numbers - years <= 0 < len(filled) - years
