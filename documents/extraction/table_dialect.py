"""How a table of text is written: what parts its cells, and whether quotes hold cells together."""

import csv
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Quoting = Literal[0, 1, 2, 3]
DELIMITERS = (",", ";", "\t", "|")
SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.I)
SAMPLE_LINES = 60
# A cell that goes on over more lines than this has a quotation mark that nothing closes.
LONGEST_CELL = 40

# The limit holds for all of a process, so it is the same for every file.
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))


@dataclass(frozen=True)
class TableDialect:
    """`width` is the number of cells of most rows, `evenness` the share of the rows that have it.

    The table starts at offset `start` of its text.
    """

    delimiter: str
    quoting: Quoting
    width: int
    evenness: float
    start: int = 0

    def rows(self, text: str) -> list[list[str]]:
        """The rows that hold text."""
        lines = text[self.start :].splitlines(keepends=True)
        rows = parse_rows(lines, self.delimiter, self.quoting)
        if self.quoting != csv.QUOTE_NONE and any(
            c.count("\n") > LONGEST_CELL for r in rows for c in r
        ):
            rows = parse_rows(lines, self.delimiter, csv.QUOTE_NONE)
        return rows


def parse_rows(lines: Sequence[str], delimiter: str, quoting: Quoting) -> list[list[str]]:
    read = csv.reader(lines, delimiter=delimiter, quoting=quoting, skipinitialspace=True)
    return [row for row in read if any(cell.strip() for cell in row)]


def sniff_table(text: str) -> TableDialect | None:
    """The dialect in which the first lines are the most even table, or None if in none."""
    said = SEPARATOR_LINE.match(text)
    start = said.end() if said else 0
    lines = text[start:].splitlines(keepends=True)
    sample = lines[:SAMPLE_LINES]
    found = [
        dialect
        for delimiter in ([said[1]] if said else DELIMITERS)
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE)
        if (dialect := _dialect(sample, delimiter, quoting, start))
    ]
    quoted = csv.QUOTE_MINIMAL
    return max(found, key=lambda d: (d.evenness, d.quoting == quoted, d.width), default=None)


def _dialect(
    lines: Sequence[str], delimiter: str, quoting: Quoting, start: int
) -> TableDialect | None:
    try:
        rows = parse_rows(lines, delimiter, quoting)
    except csv.Error:
        return None
    if len(lines) == SAMPLE_LINES:
        rows = rows[:-1]  # which the end of the sample may cut
    wide = Counter(len(row) for row in rows if len(row) > 1)
    if not wide:
        return None
    width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
    if count < 0.4 * len(rows):
        return None
    return TableDialect(delimiter, quoting, width, count / len(rows), start)
