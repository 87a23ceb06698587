"""Reads Excel workbooks of other kinds than XLSX: the old one (XLS) and the binary one (XLSB)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from documents.errors import IngestError
from documents.extracted_text import ExtractedText
from documents.extraction.formats import Format
from documents.extraction.readers.office.number_format import plain_number
from documents.extraction.readers.office.properties import Properties, described
from documents.extraction.readers.office.sheet_table import UNNAMED, Row, add_sheet
from documents.extraction.text_builder import TextBuilder

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook


def read_xls(path: Path, file_format: Format) -> ExtractedText:
    """Each sheet under its name. Raises IngestError, permanent."""
    return _read(path, IngestError("old_excel_file"))


def read_xlsb(path: Path, file_format: Format) -> ExtractedText:
    """Each sheet under its name. Raises IngestError, permanent."""
    return _read(path, IngestError("binary_excel_file"))


def _read(path: Path, unreadable: IngestError) -> ExtractedText:
    import python_calamine

    try:
        with python_calamine.CalamineWorkbook.from_path(path) as workbook:
            builder = _sheets(workbook)
    except python_calamine.PasswordError as error:
        raise IngestError("protected_file") from error
    except python_calamine.CalamineError as error:
        raise unreadable from error
    except BaseException as error:  # what Rust's panics are
        if type(error).__module__ != "pyo3_runtime":
            raise
        raise unreadable from error
    return described(builder.extracted(), Properties(), by_heading=False)


def _sheets(workbook: "CalamineWorkbook") -> TextBuilder:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    builder = TextBuilder()
    sheets = [one for one in workbook.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    for sheet in sheets:
        own = TextBuilder()
        rows = workbook.get_sheet_by_name(sheet.name).iter_rows()
        add_sheet(own, list(_filled(rows)), label=sheet.name)
        if sheet.visible != SheetVisibleEnum.Visible:
            builder.block("hidden", own.text, label=sheet.name)
        elif own.parts:
            if len(sheets) > 1 or not UNNAMED.fullmatch(sheet.name):
                builder.block("heading", sheet.name, level=1)
            builder.extend(own)
    return builder


def _filled(rows: Iterator[Sequence[Any]]) -> Iterator[tuple[int, Row]]:
    for number, row in enumerate(rows):
        cells = {column: _shown(value) for column, value in enumerate(row) if value != ""}
        if any(cells.values()):
            yield number, cells


def _shown(value: object) -> str:
    """What a cell holds; the formats of numbers are not known, save that of dates."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return plain_number(value)
    if isinstance(value, datetime):
        return str(value).removesuffix(" 00:00:00")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value).strip()
