"""Reads Excel workbooks (XLSX)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from documents.errors import IngestError
from documents.extracted_text import ExtractedText
from documents.extraction.formats import Format
from documents.extraction.readers.office.graphics import add_chart, add_shapes
from documents.extraction.readers.office.number_format import BUILT_IN, plain_number, shown_number
from documents.extraction.readers.office.package import (
    Element,
    OfficePackage,
    Relationship,
    opened_package,
)
from documents.extraction.readers.office.properties import core_properties, described
from documents.extraction.readers.office.sheet_table import UNNAMED, Row, add_sheet
from documents.extraction.text_builder import TextBuilder

REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
PLAIN = ("", "General")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_xlsx(path: Path, file_format: Format) -> ExtractedText:
    """Each sheet under its name: its tables as they are shown, then comments, boxes and charts.
    The text of hidden sheets is hidden. Raises IngestError, permanent."""
    with opened_package(path) as package:
        builder = Workbook(package).read()
        return described(builder.extracted(), core_properties(package), by_heading=False)


@dataclass
class _Sheet:
    rows: list[tuple[int, Row]] = field(default_factory=list)
    drawings: list[str] = field(default_factory=list)


class Workbook:
    """Walks through the sheets of a workbook and appends their blocks."""

    def __init__(self, package: OfficePackage) -> None:
        self.package = package
        self.name = package.main_part("xl/workbook.xml")
        root = package.xml(self.name)
        if root is None:
            raise IngestError("damaged_file")
        self.root = root
        self.links = package.relationships(self.name)
        self.from_1904 = root.find("workbookPr[@date1904='1']") is not None

    def read(self) -> TextBuilder:
        builder = TextBuilder()
        sheets = [
            (one, self.links[one.get("r_id", "")].target)
            for one in self.root.iterfind("sheets/sheet")
            if one.get("r_id", "") in self.links
        ]
        for sheet, target in sheets:
            name, own = sheet.get("name", ""), TextBuilder()
            self._sheet(target, name, own)
            if sheet.get("state", "visible") != "visible":
                builder.block("hidden", own.text, label=name)
            elif own.parts:
                if len(sheets) > 1 or not UNNAMED.fullmatch(name):
                    builder.block("heading", name, level=1)
                builder.extend(own)
        return builder

    def _sheet(self, target: str, name: str, builder: TextBuilder) -> None:
        links = self.package.relationships(target)
        if target.rpartition("/")[0].endswith("chartsheets"):
            rows: list[tuple[int, Row]] = []
        else:
            rows = list(self._rows(target))
        add_sheet(builder, rows, label=name, headers=self._header_rows(links))
        for one in links.values():
            if one.kind in ("comments", "threadedComment"):
                self._comments(one, links, builder)
        for one in links.values():
            if one.kind == "drawing":
                self._drawing(one.target, builder)

    def _rows(self, target: str) -> Iterator[tuple[int, Row]]:
        """The rows of a sheet that hold a text, by their numbers."""
        from lxml import etree

        with self.package.stream(target) as stream:
            number = 0
            events = etree.iterparse(
                stream, tag="{*}row", resolve_entities=False, no_network=True, load_dtd=False,
                remove_comments=True, remove_pis=True,
            )  # fmt: skip
            for _, row in events:
                stated = row.get("r", "")
                number = int(stated) if stated.isdecimal() else number + 1
                cells = dict(self._cells(row))
                if cells:
                    yield number, cells
                row.clear()
                while row.getprevious() is not None:
                    del row.getparent()[0]

    def _cells(self, row: Element) -> Iterator[tuple[int, str]]:
        column = -1
        for cell in row.iterchildren("{*}c"):
            match = REFERENCE.match(cell.get("r", ""))
            column = column_number(match[1]) if match else column + 1
            text = self._shown(cell).strip()
            if text:
                yield column, text

    def _shown(self, cell: Element) -> str:
        """What a cell shows."""
        kind = cell.get("t", "n")
        held = {one.tag.rpartition("}")[2]: one for one in cell.iterchildren("{*}*")}
        if kind == "inlineStr":
            return rich_text(held.get("is"))
        value = (held["v"].text or "") if "v" in held else ""
        if kind == "s":
            strings = self._strings
            return strings[int(value)] if value.isdecimal() and int(value) < len(strings) else ""
        if kind == "b" and value.strip():
            return "TRUE" if value.strip() == "1" else "FALSE"
        if kind == "d":
            return value.removesuffix("T00:00:00").replace("T", " ")
        return self._number(value, cell.get("s", "0")) if kind == "n" else unescaped(value)

    def _number(self, value: str, style: str) -> str:
        known = style.isdecimal() and int(style) < len(self._codes)
        code = self._codes[int(style)] if known else ""
        try:
            if code in PLAIN:
                return plain_number(float(value))
            return shown_number(float(value), code, from_1904=self.from_1904)
        except (ValueError, OverflowError):
            return value

    @cached_property
    def _strings(self) -> list[str]:
        """The texts that cells refer to by number."""
        from lxml import etree

        found: list[str] = []
        every = (one.target for one in self.links.values() if one.kind == "sharedStrings")
        target = next(every, None)
        if target is None:
            return found
        with self.package.stream(target) as stream:
            for _, one in etree.iterparse(stream, tag="{*}si", resolve_entities=False):
                found.append(rich_text(one))
                one.clear()
                while one.getprevious() is not None:
                    del one.getparent()[0]
        return found

    @cached_property
    def _codes(self) -> list[str]:
        """The format codes of the cells' styles, in order."""
        root = self.package.related(self.name, "styles")
        if root is None:
            return []
        own = {one.get("numFmtId"): one.get("formatCode", "") for one in root.iter("numFmt")}
        named = (one.get("numFmtId", "0") for one in root.iterfind("cellXfs/xf"))
        return [
            own.get(name) or BUILT_IN.get(int(name) if name.isdecimal() else 0, "")
            for name in named
        ]

    def _header_rows(self, links: Mapping[str, Relationship]) -> set[int]:
        """The rows that name the columns of what the sheet itself calls a table."""
        found = set()
        for one in links.values():
            root = self.package.xml(one.target) if one.kind == "table" else None
            match = REFERENCE.match(root.get("ref", "")) if root is not None else None
            if root is not None and match and root.get("headerRowCount", "1") != "0":
                found.add(int(match[2]))
        return found

    def _comments(
        self, comments: Relationship, links: Mapping[str, Relationship], builder: TextBuilder
    ) -> None:
        threaded = any(one.kind == "threadedComment" for one in links.values())
        if threaded and comments.kind == "comments":  # holds the same, for old programs
            return
        root = self.package.xml(comments.target)
        if root is None:
            return
        authors = [one.text or "" for one in root.iterfind("authors/author")]
        for one in root.iter("comment", "threadedComment"):
            by = one.get("authorId", "")
            label = authors[int(by)] if by.isdecimal() and int(by) < len(authors) else ""
            texts = (t.text or "" for t in one.iter("t", "text") if not len(t))
            builder.block("comment", "".join(texts), label=label)

    def _drawing(self, target: str, builder: TextBuilder) -> None:
        root = self.package.xml(target)
        links = self.package.relationships(target)
        if root is None:
            return
        add_shapes(builder, root)
        for chart in root.iter("chart"):
            found = links.get(chart.get("r_id", ""))
            part = self.package.xml(found.target) if found else None
            if part is not None:
                add_chart(builder, part)


@cache
def column_number(letters: str) -> int:
    """The number of a column from 0: 27 for "AB"."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def rich_text(element: Element | None) -> str:
    """The text of a string with its runs, without how they are pronounced."""
    if element is None:
        return ""
    own = [one for one in element.iterchildren("{*}*") if one.tag.endswith(("}t", "}r"))]
    every = (t for one in own for t in ((one,) if one.tag.endswith("}t") else one.iter("{*}t")))
    return unescaped("".join(one.text or "" for one in every))


def unescaped(text: str) -> str:
    """The text with the characters that XML cannot hold: _x000D_ is a carriage return."""
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
