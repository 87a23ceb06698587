"""A sheet's cells as tables with the rows that name their columns."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from documents.extraction.readers.office.header_rows import is_header_row
from documents.extraction.text_builder import TextBuilder

# More cells than these, filled and empty, are written without the empty ones.
MOST_CELLS = 3_000_000

# The name that programs give to a sheet, in their languages.
UNNAMED = re.compile(
    r"(sheet|tabelle|feuil|hoja|foglio|planilha|blad|arkusz|лист|ark|list|taul|munka"
    r"|工作表|シート)\s*\d*",
    re.I,
)

Row = Mapping[int, str]  # the texts of cells by their columns


@dataclass
class _Region:
    rows: list[Row] = field(default_factory=list)
    header_rows: int = 0


def add_sheet(
    builder: TextBuilder,
    rows: Sequence[tuple[int, Row]],
    *,
    label: str = "",
    headers: Collection[int] = (),
) -> None:
    """Append numbered rows as tables. `headers` are the numbers of those that surely name columns.

    A table ends where an empty row is followed by one that names columns anew, or by a lone cell:
    the title of the next table.
    """
    for region in _regions(rows, headers):
        if len(region.rows) == 1 and len(region.rows[0]) == 1:
            builder.block("paragraph", next(iter(region.rows[0].values())))
            continue
        columns = sorted({column for row in region.rows for column in row})
        if len(columns) * len(region.rows) > MOST_CELLS:
            table = [[row[column] for column in sorted(row)] for row in region.rows]
        else:
            table = [[row.get(column, "") for column in columns] for row in region.rows]
        builder.table(table, header_rows=region.header_rows, label=label)


def _regions(rows: Sequence[tuple[int, Row]], headers: Collection[int]) -> Iterator[_Region]:
    region = _Region()
    for at, (number, row) in enumerate(rows):
        after_gap = at > 0 and number > rows[at - 1][0] + 1
        names = number in headers
        is_title = after_gap and len(row) == 1 and at + 1 < len(rows)
        after_title = _is_lone(region) and len(row) > 1
        anew = after_gap and _names_columns(rows, at)
        if not region.rows or names or is_title or after_title or anew:
            if region.rows:
                yield region
            region = _Region([], int(names or _names_columns(rows, at)))
        region.rows.append(row)
    if region.rows:
        yield region


def _is_lone(region: _Region) -> bool:
    """Whether the region is a title: one cell in one row."""
    return len(region.rows) == 1 and len(region.rows[0]) == 1


def _names_columns(rows: Sequence[tuple[int, Row]], at: int) -> bool:
    """Whether a row names the columns of those that follow it at once."""
    following = rows[at : at + 3]
    near = [row for n, (number, row) in enumerate(following) if number == following[0][0] + n]
    columns = sorted({column for row in near for column in row})
    return is_header_row([[row.get(column, "") for column in columns] for row in near])
