"""The sheets of an OpenDocument spreadsheet."""

from documents.errors import IngestError
from documents.extraction.readers.office.opendocument.flow import ContentFlow, FlowPlace
from documents.extraction.readers.office.opendocument.inline import ANCHORED, ParagraphText
from documents.extraction.readers.office.opendocument.tables import opendocument_rows, repetitions
from documents.extraction.readers.office.package import Element
from documents.extraction.readers.office.sheet_table import UNNAMED, Row, add_sheet
from documents.extraction.text_builder import TextBuilder


def add_spreadsheet(flow: ContentFlow, body: Element | None) -> None:
    """Append the sheets. Raises IngestError if there are none."""
    if body is None:
        raise IngestError("damaged_file")
    sheets = list(body.iterchildren("table"))
    outer = flow.builder
    for sheet in sheets:
        flow.builder = TextBuilder()
        name = sheet.get("name", "")
        _add_table(flow, sheet, name)
        own, flow.builder = flow.builder, outer
        if not flow.styles.is_shown(sheet):
            outer.block("hidden", own.text, label=name)
        elif own.parts:
            if len(sheets) > 1 or not UNNAMED.fullmatch(name):
                outer.block("heading", name, level=1)
            outer.extend(own)


def _add_table(flow: ContentFlow, sheet: Element, name: str) -> None:
    rows: list[tuple[int, Row]] = []
    headers: list[int] = []
    anchored: list[Element] = []
    number = 0
    for row, is_header in opendocument_rows(sheet):
        if row.tag != "table-row":
            continue
        cells = _cells(flow, row, anchored)
        if cells and is_header:
            headers.append(number)
        count = row.get("number-rows-repeated", "1")
        if cells:
            rows += [(number + n, cells) for n in range(repetitions(row, "number-rows-repeated"))]
        number += int(count) if count.isdecimal() else 1
    add_sheet(flow.builder, rows, label=name, headers=headers[:1])
    shapes = sheet.find("shapes")
    for one in [*anchored, *(shapes if shapes is not None else ())]:
        holder = ParagraphText(anchored=[one])
        flow.read_anchored(holder, FlowPlace())


def _cells(flow: ContentFlow, row: Element, anchored: list[Element]) -> dict[int, str]:
    cells: dict[int, str] = {}
    column = 0
    for cell in row.iterchildren("table-cell", "covered-table-cell"):
        lines = []
        for child in cell:
            if child.tag == "p":
                content = flow.inline.read(child, white_is_seen=True)
                lines.append(content.text)
                anchored += content.anchored
            elif child.tag in ANCHORED:
                anchored.append(child)
        text = " ".join(lines).strip()
        if text:
            times = repetitions(cell, "number-columns-repeated")
            cells |= dict.fromkeys(range(column, column + times), text)
        count = cell.get("number-columns-repeated", "1")
        column += int(count) if count.isdecimal() else 1
    return cells
