"""Tables of OpenDocument as rows of cells."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from documents.extraction.readers.office.header_rows import CellRows, is_header_row
from documents.extraction.readers.office.opendocument.inline import (
    ANCHORED,
    ParagraphReader,
    ParagraphText,
)
from documents.extraction.readers.office.package import Element

MOST_REPEATED = 200
GROUPS = frozenset({"table-rows", "table-row-group", "table-header-rows"})


@dataclass
class CellTable(CellRows):
    """A table's cells, how many pages ended before each row, and what is anchored in its cells."""

    pages: list[int] = field(default_factory=list)
    contents: list[ParagraphText] = field(default_factory=list)


def read_cells(table: Element, inline: ParagraphReader) -> CellTable:
    """The rows of a table; those of tables within its cells are read as words of the cell."""
    found = CellTable()
    turned = 0
    for row, is_header in opendocument_rows(table):
        if row.tag == "soft-page-break":
            turned += 1
            continue
        cells: list[str] = []
        for cell in row.iterchildren("table-cell", "covered-table-cell"):
            words = " ".join(_texts(cell, inline, found))
            cells += [words] * repetitions(cell, "number-columns-repeated")
        while cells and not cells[-1].strip():
            cells.pop()
        found.rows += [cells] * repetitions(row, "number-rows-repeated")
        found.pages += [turned] * repetitions(row, "number-rows-repeated")
        found.header_rows += is_header and found.header_rows == len(found.rows) - 1
    if not found.header_rows:
        found.header_rows = int(is_header_row(found.rows))
    if found.header_rows >= len(found.rows):
        found.header_rows = 0
    return found


def opendocument_rows(table: Element, is_header: bool = False) -> Iterator[tuple[Element, bool]]:
    """The rows of a table and the page breaks among them; whether each names columns."""
    for child in table:
        if child.tag in ("table-row", "soft-page-break"):
            yield child, is_header
        elif child.tag in GROUPS:
            yield from opendocument_rows(child, is_header or child.tag == "table-header-rows")


def repetitions(element: Element, attribute: str) -> int:
    """How often a row or cell stands there."""
    count = element.get(attribute, "1")
    return min(int(count), MOST_REPEATED) if count.isdecimal() else 1


def _texts(element: Element, inline: ParagraphReader, table: CellTable) -> Iterator[str]:
    """The paragraphs of a cell, also those of lists and tables within it."""
    for child in element:
        if child.tag in ("p", "h"):
            content = inline.read(child, white_is_seen=True)
            table.contents.append(content)
            yield content.text
        elif child.tag in ANCHORED:
            table.contents.append(ParagraphText(anchored=[child]))
        elif isinstance(child.tag, str):
            yield from _texts(child, inline, table)
