"""A workbook is read as its sheets show it."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table

from documents.extracted_text import ExtractedText
from documents.extraction.formats import FORMATS
from documents.extraction.readers.office.xlsx import read_xlsx
from documents.models import Document, Passage

Read = Callable[[Workbook], ExtractedText]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(book: Workbook) -> ExtractedText:
        book.save(tmp_path / "a.xlsx")
        return read_xlsx(tmp_path / "a.xlsx", FORMATS["xlsx"])

    return read


def budget() -> Workbook:
    book = Workbook()
    sheet = book.active
    sheet.title = "Budget"
    for row in (["Item", "Day", "Share"], ["Rent & heat", date(2024, 3, 3), 0.125]):
        sheet.append(row)
    sheet["B2"].number_format, sheet["C2"].number_format = "dd.mm.yyyy", "0.0%"
    return book


def kinds(found: ExtractedText) -> list[tuple[str, str]]:
    return [(one.kind, found.text[one.start : one.end]) for one in found.blocks]


def test_cells_are_shown_by_their_formats_under_their_header(read: Read) -> None:
    found = read(budget())
    assert kinds(found) == [
        ("heading", "Budget"),
        ("table", "Item\tDay\tShare\nRent & heat\t03.03.2024\t12.5%"),
    ]
    assert [cell.is_header for cell in found.blocks[1].cells] == [True] * 3 + [False] * 3
    assert found.blocks[1].label == "Budget"


def test_tables_of_one_sheet_are_apart_with_their_titles(read: Read) -> None:
    book = budget()
    sheet = book.active
    sheet["A4"] = "Income 2024"
    for column, name in enumerate(("Source", "Sum"), 1):
        sheet.cell(5, column, name)
        sheet.cell(6, column, f"{name}!")
    sheet["A8"], sheet["B8"] = "a", 7  # goes on after a gap
    assert kinds(read(book))[2:] == [
        ("paragraph", "Income 2024"),
        ("table", "Source\tSum\nSource!\tSum!\na\t7"),
    ]


def test_what_the_sheet_calls_a_table_has_the_header_that_it_says(read: Read) -> None:
    book = Workbook()
    for row in (["2023", "2024"], [1, 2]):
        book.active.append(row)
    book.active.add_table(Table(displayName="Years", ref="A1:B2"))
    found = read(book)
    assert [found.text[c.start : c.end] for c in found.blocks[0].cells if c.is_header] == [
        "2023",
        "2024",
    ]


def test_a_column_of_numbers_has_no_header(read: Read) -> None:
    book = Workbook()
    for row in ([1, 2], [3, 4]):
        book.active.append(row)
    assert not any(cell.is_header for cell in read(book).blocks[0].cells)


def test_comments_charts_and_hidden_sheets_are_known_as_such(read: Read) -> None:
    book = budget()
    book.active["A2"].comment = Comment("Too dear", "Ann")
    chart = BarChart()
    chart.title = "Shares"
    chart.add_data(Reference(book.active, min_col=3, min_row=1, max_row=2), titles_from_data=True)
    book.active.add_chart(chart)
    book.create_sheet("Secret").sheet_state = "hidden"
    book["Secret"]["A1"] = "pangolin"
    found = kinds(read(book))
    assert found[2:] == [("comment", "Too dear"), ("caption", "Shares"), ("hidden", "pangolin")]


def test_the_only_sheet_of_a_workbook_needs_no_name(read: Read) -> None:
    book = Workbook()
    book.active["A1"] = "Opening hours"
    book.active["A3"], book.active["B3"] = "Monday", "9 to 5"
    found = read(book)
    assert found.headings == []
    assert found.title == "Opening hours"


def test_texts_that_cells_share_keep_their_runs_and_signs(tmp_path: Path) -> None:
    """Excel writes texts into a part of their own, as openpyxl does not."""
    book = Workbook()
    book.active.append(["placeholder"])
    book.save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet, links = "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"
    cell = re.compile(rb"<c [^>]*>.*</c>")
    assert cell.search(parts[sheet])
    parts[sheet] = cell.sub(b'<c r="A1" t="s"><v>0</v></c>', parts[sheet])
    parts[links] = parts[links].replace(
        b"</Relationships>",
        b'<Relationship Id="s" Type="x/sharedStrings" Target="strings.xml"/></Relationships>',
    )
    parts["xl/strings.xml"] = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si>'
        b"<r><t>R&amp;</t></r><r><t>D</t></r><rPh><t>spoken</t></rPh></si></sst>"
    )
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert read_xlsx(tmp_path / "b.xlsx", FORMATS["xlsx"]).text == "R&D"


def test_a_row_is_found_by_what_its_cells_show(add: Callable[..., Document]) -> None:
    stream = io.BytesIO()
    budget().save(stream)
    document = add(stream.getvalue(), "costs_2024.xlsx")
    assert document.state == "indexed"
    assert "Rent & heat\t03.03.2024\t12.5%" in Passage.objects.get(document=document).text
