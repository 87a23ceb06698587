"""Reads Word documents (DOCX)."""

import io
import re
from dataclasses import dataclass, replace
from pathlib import Path

from documents.extracted_text import BlockKind, ExtractedText
from documents.extraction.formats import Format
from documents.extraction.readers.office.graphics import add_chart, diagram_texts
from documents.extraction.readers.office.list_numbers import BULLET
from documents.extraction.readers.office.package import Element, OfficePackage, opened_package
from documents.extraction.readers.office.properties import core_properties, described
from documents.extraction.readers.office.second_look import fuller
from documents.extraction.readers.office.word.chunks import chunk_text
from documents.extraction.readers.office.word.inline import InlineContent, InlineReader
from documents.extraction.readers.office.word.numbers import WordNumbering
from documents.extraction.readers.office.word.parts import Annotation, WordParts
from documents.extraction.readers.office.word.styles import (
    ParagraphStyle,
    is_on,
    is_shaded,
    list_of,
    paragraph_level,
    value,
)
from documents.extraction.readers.office.word.table import read_word_table
from documents.extraction.text_builder import Span, TextBuilder

LONGEST_HEADING = 250
# A cell of this many characters does not belong to a table of data, but to the layout of a page.
WORDED = re.compile(r"[^\W\d_]{2}")


def read_docx(path: Path, file_format: Format) -> ExtractedText:
    """The words of body, boxes, notes and comments where they are anchored; what pages repeat
    above and below stands once, at the end. Raises IngestError, permanent."""
    with opened_package(path) as package:
        reader = DocxReader(package, package.main_part("word/document.xml"))
        builder = reader.read()
        properties = core_properties(package)
    found = fuller(builder.extracted(), reader.parts.raw_text(), path)
    return described(found, properties, reader.title)


@dataclass(frozen=True)
class _Place:
    """Where a paragraph stands, as far as it decides how the paragraph is read."""

    is_coloured: bool = False
    kind: BlockKind | None = None
    label: str = ""


class DocxReader:
    """Walks through a document in reading order and appends its blocks."""

    def __init__(self, package: OfficePackage, name: str, *, is_included: bool = False) -> None:
        self.package = package
        self.is_included = is_included
        self.parts = WordParts(package, name)
        self.builder = TextBuilder()
        self.styles = self.parts.styles
        self.numbering = WordNumbering(self.parts.numbering)
        self.breaks = self.parts.breaks
        self.page = 1
        self.title = ""
        self.code: list[str] = []
        self.inline = InlineReader(self.styles, self.parts.relationships, self.breaks)
        self.shown: set[tuple[str, str]] = set()

    def read(self) -> TextBuilder:
        self._turn_page()
        place = _Place(is_coloured=self.parts.has_ground)
        self._body(self.parts.body, place)
        self._end_code()
        self._repeated()
        return self.builder

    def _body(self, element: Element, place: _Place) -> None:
        for child in element:
            if child.tag == "p":
                self._paragraph(child, place)
            elif child.tag == "tbl":
                self._table(child, place)
            elif child.tag == "altChunk":
                self._chunk(child)
            elif child.tag in ("del", "moveFrom", "sdtPr", "sectPr"):
                continue
            elif isinstance(child.tag, str) and len(child):
                self._body(child, place)

    def _chunk(self, chunk: Element) -> None:
        """A document within this one; what that includes in turn is left out."""
        self._end_code()
        data = self.parts.chunk(chunk)
        if not data.startswith(b"PK"):
            self.builder.extend(chunk_text(data))
        elif not self.is_included:
            with opened_package(io.BytesIO(data)) as package:
                name = package.main_part("word/document.xml")
                self.builder.extend(DocxReader(package, name, is_included=True).read())

    def _paragraph(self, paragraph: Element, place: _Place) -> None:
        properties = paragraph.find("pPr")
        style = self.styles.paragraph(value(paragraph.find("pPr/pStyle")))
        content = self.inline.read(
            paragraph, is_hidden=style.is_hidden, white_is_seen=place.is_coloured
        )
        self._begin_pages(properties, content)
        kind = self._kind(paragraph, style, content, place)
        if kind == "code" and content.text.strip():
            self.code.append(content.text)
        elif content.text.strip() or kind != "code":
            self._end_code()
            self._append(kind, paragraph, style, content, place.label)
        self._anchored(content)
        self.page += content.pages - content.leading_pages
        if "sectPr" in self.breaks and paragraph.find("pPr/sectPr") is not None:
            section = value(paragraph.find("pPr/sectPr/type"))
            self.page += section not in ("continuous", "nextColumn")
        self._turn_page()

    def _begin_pages(self, properties: Element | None, content: InlineContent) -> None:
        if properties is not None and "br" in self.breaks and self.builder.parts:
            self.page += is_on(properties.find("pageBreakBefore"))
        self.page += content.leading_pages
        if content.leading_pages:
            self._end_code()
        self._turn_page()

    def _kind(
        self, paragraph: Element, style: ParagraphStyle, content: InlineContent, place: _Place
    ) -> BlockKind:
        if place.kind:
            return place.kind
        if style.kind == "navigation":
            return "navigation"
        if paragraph_level(paragraph, style) and len(content.text) <= LONGEST_HEADING:
            return "heading"
        if style.kind == "paragraph" and list_of(paragraph, style)[0]:
            return "list_item"
        return style.kind

    def _append(
        self, kind: BlockKind, paragraph: Element, style: ParagraphStyle, content: InlineContent,
        label: str,
    ) -> None:  # fmt: skip
        """Append a paragraph. Its number stands in the text where it is read as words, as in
        "Article 5", and in headings, which are known by it; else it is a label."""
        spans = content.spans
        number, depth = list_of(paragraph, style)
        sign = self.numbering.label(number, depth) if number and content.text.strip() else ""
        if sign not in ("", BULLET) and (kind == "heading" or WORDED.search(sign)):
            spans = [Span(f"{sign} "), *spans]
        if kind == "heading":
            self.builder.block(kind, spans, level=paragraph_level(paragraph, style))
        elif kind == "list_item":
            self.builder.block(kind, spans, level=depth, label=sign)
        else:
            self.builder.block(kind, spans, label=label)
        if style.is_title and kind == "heading" and not self.title:
            self.title = content.text

    def _end_code(self) -> None:
        """Append the lines of code before, each of which is a paragraph of its own in Word."""
        if self.code:
            self.builder.block("code", "\n".join(self.code))
        self.code = []

    def _anchored(self, content: InlineContent) -> None:
        """What hangs on a paragraph: hidden words, boxes, pictures, charts, notes, comments."""
        if any((content.hidden, content.boxes, content.pictures, content.graphics, content.notes)):
            self._end_code()
        self.builder.block("hidden", "".join(content.hidden))
        for words in content.pictures:
            self.builder.block("image", words)
        for box in content.boxes:
            self._body(box, _Place(is_coloured=True))
            self._end_code()
        for kind, name in content.graphics:
            root = self.parts.part_of(name)
            if root is not None and kind == "chart":
                add_chart(self.builder, root)
            for text in diagram_texts(root) if root is not None and kind == "relIds" else ():
                self.builder.block("list_item", text)
        for kind, name in content.notes:
            self._note(self.parts.annotation(kind, name), kind, name)

    def _note(self, note: Annotation | None, kind: str, name: str) -> None:
        if note is None or (kind, name) in self.shown:
            return
        self.shown.add((kind, name))
        before, self.inline = (
            self.inline,
            InlineReader(self.styles, note.relationships, frozenset()),
        )
        place = _Place(kind="comment" if kind == "comment" else "note", label=note.label)
        self._body(note.element, place)
        self.inline = before

    def _table(self, table: Element, place: _Place) -> None:
        self._end_code()
        found = read_word_table(table, self.inline, self.styles, self.page)
        self.page = found.page
        if place.kind is None and found.is_layout:
            self.page = found.first_page
            self._flow(table, place)
            return
        if place.kind:
            text = "\n".join("\t".join(cell for cell in row if cell) for row in found.rows)
            self.builder.block(place.kind, text, label=place.label)
        else:
            pages = found.row_pages if self.breaks else ()
            self.builder.table(found.rows, header_rows=found.header_rows, row_pages=pages)
        for content in found.contents:
            self._anchored(content)
        self._turn_page()

    def _flow(self, table: Element, place: _Place) -> None:
        """A table that only arranges what stands in it."""
        for cell in table.iterfind(".//tc"):
            if next(cell.iterancestors("tbl")) is table:
                ground = is_shaded(cell.find("tcPr"))
                self._body(cell, replace(place, is_coloured=ground or place.is_coloured))

    def _turn_page(self) -> None:
        if self.breaks:
            self.builder.page(self.page)

    def _repeated(self) -> None:
        """What stands above and below the pages, each text once."""
        known: set[str] = set()
        for kind, part in self.parts.repeated():
            words = " ".join("".join(t.text or "" for t in part.element.iter("t")).split())
            if words in known or not WORDED.search(words):
                continue
            known.add(words)
            self.inline = InlineReader(self.styles, part.relationships, frozenset())
            self._body(part.element, _Place(is_coloured=True, kind=kind))
