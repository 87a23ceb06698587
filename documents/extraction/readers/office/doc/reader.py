"""Reads Word documents of the old kind (DOC)."""

import re
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from documents.errors import IngestError
from documents.extracted_text import BlockKind, ExtractedText
from documents.extraction.formats import Format
from documents.extraction.readers.office.doc.streams import (
    BODY_LEVEL,
    IN_LIST,
    IN_TABLE,
    LIST_LEVEL,
    OUTLINE,
    ROW_ENDS,
    TITLE,
    DocParagraph,
    DocStreams,
)
from documents.extraction.readers.office.header_rows import LONGEST_CELL, append_rows
from documents.extraction.readers.office.list_numbers import BULLET
from documents.extraction.readers.office.properties import (
    TEMPLATE_AUTHORS,
    Metadata,
    Properties,
    described,
)
from documents.extraction.readers.office.style_names import (
    heading_level,
    is_title_style,
    kind_by_style,
)
from documents.extraction.text_builder import TextBuilder

if TYPE_CHECKING:
    from olefile import OleFileIO

# The parts after the body; macros have no text.
PARTS: tuple[BlockKind | None, ...] = (
    "note", "header", None, "comment", "note", "paragraph", "header",
)  # fmt: skip
FIELD = re.compile("\x13[^\x13\x14\x15]*\x15|\x13[^\x13\x14\x15]*\x14([^\x13\x14\x15]*)\x15")
ENDS = re.compile("[\r\x07\x0c]")
SIGNS = str.maketrans({"\x0b": "\n", "\x1e": "-", "\xa0": "\xa0", "\x1f": None} | {
    chr(code): None for code in (*range(1, 9), *range(14, 30)) if code not in (7, 0x13, 0x14, 0x15)
})  # fmt: skip
DEEPEST = 20
LONGEST_HEADING = 250
WORDED = re.compile(r"[^\W\d_]{2}")


def read_doc(path: Path, file_format: Format) -> ExtractedText:
    """The words of the body with headings, lists and tables; notes, comments, boxes and what pages
    repeat follow it. Raises IngestError, permanent."""
    from olefile import OleFileIO

    try:
        with OleFileIO(str(path)) as ole:
            document, *tables = (
                ole.openstream(name).read() if ole.exists(name) else b""
                for name in ("WordDocument", "0Table", "1Table")
            )
            reader = DocReader(DocStreams(document, (tables[0], tables[1])))
            builder = reader.read()
            properties = _properties(ole)
    except (OSError, ValueError, LookupError, struct.error, RecursionError) as error:
        raise IngestError("old_word_file") from error
    return described(builder.extracted(), properties, reader.title)


@dataclass
class _Rows:
    cell: list[str] = field(default_factory=list)
    row: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


class DocReader:
    """Appends the paragraphs of a document in order."""

    def __init__(self, streams: DocStreams) -> None:
        self.streams = streams
        self.builder = TextBuilder()
        self.table = _Rows()
        self.title = ""

    def read(self) -> TextBuilder:
        body, *others = self.streams.lengths
        self._body(body)
        self._end_table()
        start, known = body, set[str]()
        for kind, length in zip(PARTS, others, strict=True):
            text = self.streams.text[start : start + length]
            for line in ENDS.split(_without_fields(text)) if kind else ():
                words = _shown(line).strip()
                repeated = kind == "header" and (words in known or not WORDED.search(words))
                if kind and not repeated:
                    self.builder.block(kind, words)
                known.add(words)
            start += length
        return self.builder

    def _body(self, length: int) -> None:
        text = self.streams.text[:length]
        begun, pending = 0, ""
        for match in ENDS.finditer(text):
            pending += text[begun : match.start()]
            begun = match.end()
            if pending.count("\x13") > pending.count("\x15") and match[0] != "\x07":
                pending += "\n"  # a field goes on
                if len(pending) < LONGEST_CELL:
                    continue
            words = _shown(pending)
            pending = ""
            paragraph = self.streams.paragraph_at(match.start())
            self._take(words, match[0], paragraph)
        self._take(_shown(pending + text[begun:]), "\r", DocParagraph())

    def _take(self, words: str, end: str, paragraph: DocParagraph) -> None:
        table = self.table
        if end == "\x07":
            table.cell.append(words)
            if paragraph.settings.get(ROW_ENDS):
                table.rows.append(table.row)
                table.row, table.cell = [], []
            else:
                table.row.append(" ".join(table.cell))
                table.cell = []
        elif paragraph.settings.get(IN_TABLE) and end == "\r":
            table.cell.append(words)
        else:
            self._end_table()
            self._append(words, paragraph)

    def _end_table(self) -> None:
        table, self.table = self.table, _Rows()
        rest = [*table.row, " ".join(table.cell)] if table.row or table.cell else []
        rows = [row for row in [*table.rows, rest] if row]
        append_rows(self.builder, rows)

    def _append(self, words: str, paragraph: DocParagraph) -> None:
        styles = self.streams.styles
        style = styles[paragraph.style] if paragraph.style < len(styles) else None
        name = style.name if style else ""
        own = style.own if style else 0
        level = own if 1 <= own <= BODY_LEVEL else heading_level(name)
        outline = paragraph.settings.get(OUTLINE, BODY_LEVEL)
        is_title = own == TITLE or is_title_style(name)
        level = outline + 1 if outline < BODY_LEVEL else level or int(is_title)
        kind = kind_by_style(name)
        if level and len(words) <= LONGEST_HEADING:
            self.builder.block("heading", words, level=level)
            self.title = self.title or (words.strip() if is_title else "")
        elif kind:
            self.builder.block(kind, words)
        elif paragraph.settings.get(IN_LIST):
            depth = min(paragraph.settings.get(LIST_LEVEL, 0), BODY_LEVEL)
            self.builder.block("list_item", words, level=depth, label=BULLET)
        else:
            self.builder.block("paragraph", words)


def _shown(text: str) -> str:
    """The words of a paragraph as they are seen, the halves of letters joined."""
    words = _without_fields(text).translate(SIGNS)
    return words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _without_fields(text: str) -> str:
    """The text with the results of its fields, and without what they are computed from."""
    for _ in range(DEEPEST):
        if "\x13" not in text:
            break
        text = FIELD.sub(lambda match: match[1] or "", text)
    return re.sub("[\x13\x14\x15]", "", text)


def _properties(ole: "OleFileIO") -> Properties:
    stated = ole.get_metadata()
    page = f"cp{stated.codepage or 1252}"

    def words(value: bytes | str | None) -> str:
        if not isinstance(value, bytes):
            return value or ""
        try:
            return " ".join(value.decode("utf-8" if page == "cp65001" else page, "replace").split())
        except LookupError:
            return " ".join(value.decode("cp1252", "replace").split())

    author = words(stated.author)
    found: Metadata = {
        "author": "" if author in TEMPLATE_AUTHORS else author,
        "subject": words(stated.subject),
        "keywords": [
            one.strip() for one in re.split("[,;]", words(stated.keywords)) if one.strip()
        ],
    }
    kept = {name: value for name, value in found.items() if value}
    made = stated.create_time
    return Properties(words(stated.title), made.date() if made else None, kept)
