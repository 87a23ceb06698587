"""Tables of Word as rows of cells."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from documents.extraction.readers.office.header_rows import CellRows, is_header_row
from documents.extraction.readers.office.package import Element
from documents.extraction.readers.office.word.inline import InlineContent, InlineReader
from documents.extraction.readers.office.word.styles import WordStyles, is_on, value

MOST_COLUMNS = 100
UNREAD = ("tcPr", "trPr", "tblPr", "del", "moveFrom", "sdtPr", "tblGrid")


@dataclass
class WordTable(CellRows):
    """A table's cells, the pages of its rows, and what is anchored in its cells."""

    first_page: int = 0
    page: int = 0
    row_pages: list[int] = field(default_factory=list)
    contents: list[InlineContent] = field(default_factory=list)


def read_word_table(
    table: Element, inline: InlineReader, styles: WordStyles, page: int
) -> WordTable:
    """The rows of a table; those of tables within its cells are read as words of the cell."""
    found = WordTable(first_page=page, page=page)
    declared = 0
    for row in _children(table, "tr"):
        if row.find("trPr/del") is not None:
            continue
        before = found.page
        found.rows.append(_row(row, inline, styles, found))
        found.page = min(found.page, before + 1)  # each cell of the row says that it ends
        found.row_pages.append(found.page)
        if declared == len(found.rows) - 1 and is_on(row.find("trPr/tblHeader")):
            declared += 1
    if not declared and _first_row_is_set_off(table):
        declared = int(is_header_row(found.rows))
    found.header_rows = declared if declared < len(found.rows) else 0
    return found


def _row(row: Element, inline: InlineReader, styles: WordStyles, table: WordTable) -> list[str]:
    skipped = value(row.find("trPr/gridBefore"))
    cells = [""] * min(int(skipped) if skipped.isdecimal() else 0, MOST_COLUMNS)
    for cell in _children(row, "tc"):
        span = value(cell.find("tcPr/gridSpan"))
        merge = cell.find("tcPr/vMerge")
        goes_on = merge is not None and merge.get("val", "continue") == "continue"
        words = " ".join(_texts(cell, inline, styles, table))
        cells.append("" if goes_on and not words.strip() else words)
        cells += [""] * (min(int(span), MOST_COLUMNS) - 1 if span.isdecimal() else 0)
    return cells


def _texts(
    element: Element, inline: InlineReader, styles: WordStyles, table: WordTable
) -> Iterator[str]:
    """The paragraphs of a cell, those of tables within it, too."""
    for child in element:
        if child.tag == "p":
            style = styles.paragraph(value(child.find("pPr/pStyle")))
            content = inline.read(child, is_hidden=style.is_hidden, white_is_seen=True)
            table.page += bool(content.pages)
            table.contents.append(content)
            yield content.text
        elif isinstance(child.tag, str) and child.tag not in UNREAD:
            yield from _texts(child, inline, styles, table)


def _children(element: Element, tag: str) -> Iterator[Element]:
    """Rows or cells, also those within content controls and insertions."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in ("sdt", "sdtContent", "ins", "customXml", "moveTo"):
            yield from _children(child, tag)


def _first_row_is_set_off(table: Element) -> bool:
    look = table.find("tblPr/tblLook")
    if look is None:
        return True
    if look.get("firstRow") is not None:
        return look.get("firstRow") in ("1", "true", "on")
    try:
        return bool(int(look.get("val", "0"), 16) & 0x20)
    except ValueError:
        return True
