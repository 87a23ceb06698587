"""Tables of a web page: those that hold data become rows, those that only place things do not."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from documents.extracted_text import BlockKind, InlineMark, MarkKind
from documents.extraction.readers.web.boilerplate import is_hidden
from documents.extraction.readers.web.html_elements import INLINE, MARKS, SKIPPED
from documents.extraction.readers.web.inline_text import InlineText, link_target
from documents.extraction.text_builder import Span, TextBuilder
from documents.extraction.text_encoding import clean_text

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

Row = list["LexborNode | None"]

MOST_COLUMNS = 1000
MOST_SPANNED = 50
# Cells with more text than this on average are parts of a page.
LONGEST_CELL = 500
# What stands in a table that only places things.
PLACED = "h1, h2, h3, h4, h5, h6, ul, ol, dl, hr, form, article, section, blockquote"


def data_rows(table: "LexborNode") -> list[Row]:
    """The cells of each row by column, None where a cell spans; empty for a layout table."""
    role = table.attributes.get("role")
    if role in ("presentation", "none") or table.css_first("td table, th table"):
        return []
    rows = _grid(table)
    cells = sum(1 for row in rows for cell in row if cell is not None)
    if max(map(len, rows), default=0) < 2 or len(table.text(strip=True)) > LONGEST_CELL * cells:
        return []
    has_names = table.css_first("th") is not None
    if not has_names and (len(rows) < 2 or table.css_first(PLACED)):
        return []
    return rows


def _grid(table: "LexborNode") -> list[Row]:
    """The rows that hold cells; a cell stands in the first row and column that it spans."""
    rows: list[Row] = []
    below: dict[int, int] = {}  # the columns that cells of rows above span, for how many rows
    for line in table.css("tr"):
        row: Row = []
        for cell in line.iter():
            if cell.tag not in ("td", "th"):
                continue
            while below.get(len(row)):
                row.append(None)
            columns, deep = _spanned(cell, "colspan"), _spanned(cell, "rowspan")
            below |= {len(row) + n: deep for n in range(columns) if deep > 1}
            row += [cell, *[None] * (columns - 1)]
            if len(row) > MOST_COLUMNS:
                break
        below = {column: left - 1 for column, left in below.items() if left > 1}
        if any(cell is not None for cell in row):
            rows.append(row)
    return rows


def _spanned(cell: "LexborNode", name: str) -> int:
    text = cell.attributes.get(name) or ""
    return min(max(int(text), 1), MOST_SPANNED) if text.isdecimal() and len(text) < 6 else 1


def add_table(
    builder: TextBuilder, table: "LexborNode", rows: list[Row], part: BlockKind | None
) -> None:
    """Append the rows as a table, or as lines of a `part` of the page that is not its subject."""
    unseen: list[str] = []
    spans = [[cell_spans(cell, unseen) if cell else [] for cell in row] for row in rows]
    kept = [at for at, row in enumerate(spans) if any(map(_has_text, row))]
    texts = [["".join(span.text for span in cell) for cell in spans[at]] for at in kept]
    if part:
        builder.block(part, "\n".join(" ".join(filter(None, row)) for row in texts))
    elif kept:
        named = len(table.css("thead > tr")) or _leading_headers(rows)
        builder.table(texts, header_rows=sum(1 for at in kept if at < named))
        _add_marks(builder, [spans[at] for at in kept])
    for text in unseen:
        builder.block("hidden", " ".join(text.split()))


def _has_text(cell: Sequence[Span]) -> bool:
    return any(span.text.strip() for span in cell)


def _leading_headers(rows: list[Row]) -> int:
    """The number of first rows of which every cell is a header; not all of them."""
    found = 0
    while found < len(rows) - 1 and all(cell is None or cell.tag == "th" for cell in rows[found]):
        found += 1
    return found


def _add_marks(builder: TextBuilder, rows: Sequence[Sequence[Sequence[Span]]]) -> None:
    """Set off the stretches of the cells of the table that was appended last."""
    for cell in builder.blocks[-1].cells:
        place = cell.start
        for span in rows[cell.row][cell.column]:
            end = min(place + len(span.text), cell.end)
            builder.marks += [
                InlineMark(kind, place, end, span.target if kind == "link" else "")
                for kind in span.kinds
            ]
            place = end


def cell_spans(cell: "LexborNode", unseen: list[str]) -> list[Span]:
    """The text of a cell or caption on one line; what is hidden in it goes to `unseen`."""
    inline = InlineText()
    stack: list[tuple[LexborNode | None, tuple[MarkKind, ...], str]] = [(cell, (), "")]
    while stack:
        node, kinds, target = stack.pop()
        tag = (node.tag or "") if node is not None else "br"
        if node is None or tag == "br":
            inline.space()
        elif tag == "-text":
            inline.add(clean_text(node.text_content or ""), kinds, target)
        elif tag == "img":
            inline.add(f" {node.attributes.get('alt') or ''} ", kinds, target)
        elif tag == "wbr":
            inline.joined = True
        elif tag not in SKIPPED and is_hidden(node.attributes, plain=False):
            unseen.append(node.text(separator=" "))
        elif tag not in SKIPPED:
            if tag not in INLINE:
                inline.space()
                stack.append((None, kinds, target))
            if tag in MARKS and MARKS[tag] not in kinds:
                kinds = (*kinds, MARKS[tag])
            if tag == "a" and (address := link_target(node.attributes.get("href"))):
                kinds, target = (*kinds, "link"), address
            child = node.last_child
            while child is not None:
                stack.append((child, kinds, target))
                child = child.prev
    spans = inline.take()
    if spans:
        spans[-1] = replace(spans[-1], text=spans[-1].text.rstrip())
    return [span for span in spans if span.text]
