"""Builds an extracted text block by block, in reading order."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from documents.extracted_text import (
    Block,
    BlockKind,
    ExtractedText,
    Heading,
    InlineMark,
    MarkKind,
    TableCell,
)
from documents.extraction.text_encoding import clean_text

TAGS = re.compile("[\U000e0000-\U000e007f]{8,}")
SEPARATOR = "\n\n"
LONGEST_HEADING = 500
# Of a larger table only the cells that name columns are kept apart; the text has them all.
MOST_CELLS = 50_000


@dataclass(frozen=True)
class Span:
    """A stretch of a block's text with how it is set off, outermost first.

    With `new_page`, the next page starts with it.
    """

    text: str
    kinds: tuple[MarkKind, ...] = ()
    target: str = ""
    new_page: bool = False


class TextBuilder:
    """Joins blocks into one text with their offsets, headings, pages and inline marks.

    Blocks are parted by an empty line, items of a list on one page and fields of a mail by a line
    end. Cells of a row are parted by a tabulator, rows by a line end. Text is cleaned of what
    cannot be stored.
    """

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.blocks: list[Block] = []
        self.marks: list[InlineMark] = []
        self.headings: list[Heading] = []
        self.pages: list[int] = []

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def page(self, number: int) -> None:
        """Start page `number`, from 1. An empty page starts where the next block does."""
        while len(self.pages) < number:
            self.pages.append(self.length + len(SEPARATOR) if self.parts else 0)

    def block(
        self, kind: BlockKind, content: str | Sequence[Span], *, level: int = 0, label: str = ""
    ) -> None:
        """Append a block; one without a letter is left out. A heading's text stands on one line."""
        spans = [Span(content)] if isinstance(content, str) else list(content)
        unseen = "" if kind == "hidden" else tag_characters("".join(span.text for span in spans))
        if unseen:
            spans = [replace(span, text=TAGS.sub("", span.text)) for span in spans]
        spans = _trimmed(spans, one_line=kind == "heading")
        if spans:
            self._block(kind, spans, level, label)
        if unseen:
            self.block("hidden", unseen)

    def _block(self, kind: BlockKind, spans: Sequence[Span], level: int, label: str) -> None:
        start = self._begin(kind, label)
        page = len(self.pages) or None
        for span in spans:
            place = self.length
            if span.new_page:
                self.pages.append(place)
            self._append(span.text)
            self.marks += [
                InlineMark(each, place, self.length, span.target if each == "link" else "")
                for each in span.kinds
            ]
        if kind == "heading":
            title = "".join(span.text for span in spans)
            self.headings.append(Heading(start, max(level, 1), title[:LONGEST_HEADING]))
        self.blocks.append(Block(kind, start, self.length, level, label, page))

    def table(
        self,
        rows: Sequence[Sequence[str]],
        *,
        header_rows: int = 0,
        label: str = "",
        row_pages: Sequence[int] = (),
    ) -> None:
        """Append a table; rows without text are left out. The first `header_rows` name columns.

        `row_pages` are the pages on which the rows stand, in a document that has pages.
        """
        unseen = tag_characters(" ".join(cell for row in rows for cell in row))
        if unseen:
            rows = [[TAGS.sub("", cell) for cell in row] for row in rows]
        cleaned = [[" ".join(clean_text(cell).split()) for cell in row] for row in rows]
        kept = [(at, row) for at, row in enumerate(cleaned) if any(row)]
        if not kept:
            return
        if row_pages:
            self.page(row_pages[kept[0][0]])
        start, page = self._begin("table", label), len(self.pages) or None
        cells: list[TableCell] = []
        are_kept = sum(len(row) for _, row in kept) <= MOST_CELLS
        for number, (at, row) in enumerate(kept):
            if number:
                self._append("\n")
            while row_pages and len(self.pages) < row_pages[at]:
                self.pages.append(self.length)
            if are_kept or at < header_rows:
                cells += _cells(row, self.length, number, is_header=at < header_rows)
            self._append("\t".join(row))
        self.blocks.append(Block("table", start, self.length, 0, label, page, cells))
        self.block("hidden", unseen)

    def extend(self, other: "TextBuilder | ExtractedText", *, deeper: int = 0) -> None:
        """Append what another holds without its pages, headings `deeper` levels down."""
        if not other.text:
            return
        start = self._begin("paragraph", "")
        self._append(other.text)
        page = len(self.pages) or None
        self.blocks += [_moved(block, start, deeper, page) for block in other.blocks]
        self.marks += [replace(m, start=m.start + start, end=m.end + start) for m in other.marks]
        self.headings += [
            Heading(h.start + start, h.level + deeper, h.title) for h in other.headings
        ]

    def extracted(self) -> ExtractedText:
        return ExtractedText(
            self.text, pages=self.pages, headings=self.headings, blocks=self.blocks,
            marks=self.marks,
        )  # fmt: skip

    def _begin(self, kind: BlockKind, label: str) -> int:
        """Part the next block from the last one; returns its offset."""
        if self.parts:
            last = self.blocks[-1].kind if self.blocks else ""
            turned = bool(self.pages) and self.pages[-1] > self.length
            together = kind == last and kind in ("list_item", "mail_field") and not turned
            self._append("\n" if together else SEPARATOR)
        start = self.length
        if kind == "mail_field" and label:
            self._append(f"{label}: ")
        return start

    def _append(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)


def tag_characters(text: str) -> str:
    """What tag characters spell, which nobody sees; a flag's are few."""
    if not TAGS.search(text):
        return ""
    return " ".join("".join(chr(ord(sign) & 0x7F) for sign in run) for run in TAGS.findall(text))


def _cells(row: Sequence[str], start: int, number: int, *, is_header: bool) -> Iterator[TableCell]:
    """The cells with a text of a row that begins at `start`, tabulators between them."""
    for column, cell in enumerate(row):
        if cell:
            yield TableCell(start, start + len(cell), number, column, is_header)
        start += len(cell) + 1


def _moved(block: Block, by: int, deeper: int, page: int | None) -> Block:
    return replace(
        block,
        start=block.start + by,
        end=block.end + by,
        level=block.level + deeper if block.kind == "heading" else block.level,
        page=page,
        cells=[replace(c, start=c.start + by, end=c.end + by) for c in block.cells],
    )


def _trimmed(spans: Sequence[Span], *, one_line: bool) -> list[Span]:
    """The spans cleaned, without white space at either end; none if no text is left."""
    cleaned = [replace(span, text=clean_text(span.text)) for span in spans]
    if one_line:
        cleaned = [replace(span, text=" ".join(f"|{span.text}|".split())[1:-1]) for span in cleaned]
    kept = [span for span in cleaned if span.text]
    while kept and not kept[0].text.strip():
        kept.pop(0)
    while kept and not kept[-1].text.strip():
        kept.pop()
    if kept:
        kept[0] = replace(kept[0], text=kept[0].text.lstrip())
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip())
    return kept
