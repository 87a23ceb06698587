"""Workbooks of the old kind are read as those of today."""

import io
from collections.abc import Callable
from datetime import date

import xlwt

from documents.models import Document, Extraction


def old_workbook() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Budget")
    day = xlwt.easyxf(num_format_str="dd.mm.yyyy")
    for column, name in enumerate(("Item", "Day", "Cost")):
        sheet.write(0, column, name)
    sheet.write(1, 0, "Rent & heat")
    sheet.write(1, 1, date(2024, 3, 3), day)
    sheet.write(1, 2, 7.5)
    hidden = book.add_sheet("Secret")
    hidden.write(0, 0, "pangolin")
    hidden.visibility = 1
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_an_old_workbook_is_found_with_its_sheets_and_header(
    add: Callable[..., Document],
) -> None:
    document = add(old_workbook(), "costs.xls")
    assert (document.state, document.type) == ("indexed", "xls")
    stored = Extraction.objects.get(document=document)
    found = [(one["kind"], stored.text[one["start"] : one["end"]]) for one in stored.blocks]
    assert found == [
        ("heading", "Budget"),
        ("table", "Item\tDay\tCost\nRent & heat\t2024-03-03\t7.5"),
        ("hidden", "pangolin"),
    ]
    assert [cell["is_header"] for cell in stored.blocks[1]["cells"]] == [True] * 3 + [False] * 3
