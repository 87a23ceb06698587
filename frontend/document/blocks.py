"""Extracted text as blocks: headings, paragraphs, page borders, highlights."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, TypedDict

from documents.extracted_text import Block
from frontend.document.table_rows import ShownCell, table_rows
from frontend.snippets import MARKUP, SnippetPiece, Span, marked_pieces

# The end of a full line of prose that goes on in the next line: a line of 55 letters or more.
BROKEN_LINE = re.compile(r"(?<=[^\n]{55})\n(?=[^\W\d_])")
# Blocks that are shown as what they are; all else is a paragraph.
SHOWN_KINDS = {
    "list_item", "table", "code", "quote", "caption", "mail_field", "header", "footer",
    "navigation", "note", "comment",
}  # fmt: skip
PART = 40_000
SNAP = 4_000


class HeadingRow(TypedDict):
    start: int
    level: int
    title: str


@dataclass(frozen=True)
class TextBlock:
    """A block of the text, or the border of a page (`page` is the number of the new one).

    `level` and `label` are those of `documents.extracted_text.Block`. A table has `rows` and no
    `pieces`.
    """

    kind: str
    start: int
    pieces: list[SnippetPiece]
    level: int = 0
    page: int = 0
    passage_begins: bool = False
    label: str = ""
    rows: list[list[ShownCell]] = field(default_factory=list)

    @property
    def is_marked(self) -> bool:
        return any(piece.marked for piece in self.pieces) or self.marked_cell is not None

    @property
    def marked_cell(self) -> ShownCell | None:
        """The first cell with a mark."""
        return next((cell for row in self.rows for cell in row if cell.is_marked), None)

    @property
    def aria_level(self) -> int:
        """The ARIA level: level 1 is the title of the page."""
        return min(self.level + 1, 6)

    def repeats(self, heading: HeadingRow | None) -> bool:
        """Whether the block is just this heading, without highlights."""
        is_it = self.kind == "heading" and heading is not None and heading["start"] == self.start
        return is_it and not self.is_marked


def part_bounds(length: int, focus: int) -> Span:
    """The part of a text of `length` code points that holds `focus`, before snapping to lines."""
    begin = max(0, min(focus, length - 1)) // PART * PART
    return begin, min(length, begin + PART)


def snap_to_line(text: str, begin: int, end: int, offset: int) -> Span:
    """`begin` and `end` moved to the start of the next line; `text` begins at `offset`."""

    def after_line(place: int) -> int:
        if place <= 0 or place - offset >= len(text):
            return min(place, offset + len(text))
        newline = text.find("\n", place - offset, place - offset + SNAP)
        return place if newline < 0 else offset + newline + 1

    return after_line(begin), after_line(end)


def text_blocks(
    text: str,
    offset: int,
    headings: Sequence[HeadingRow],
    pages: Sequence[int],
    marks: Sequence[Span],
    *,
    joined: bool = False,
    structure: Sequence[Block] = (),
) -> list[TextBlock]:
    """The blocks of `text`, which begins at `offset` of its document. Offsets are the document's.

    A mark highlights the parts of the blocks that it overlaps. With `joined`, lines that were
    broken at a width are joined. `structure` are the blocks that the reader of the file found.
    """
    end = offset + len(text)
    levels = {int(heading["start"]): int(heading["level"]) for heading in headings}
    numbers = {start: number for number, start in enumerate(pages, start=1)}
    borders = {start for start in (*levels, *numbers) if offset <= start < end}
    borders |= {
        place for one in structure for place in (one.start, one.end) if offset < place < end
    }
    borders |= {offset, end}
    found: list[TextBlock] = []
    whole = _Slice(text, offset, marks, joined)
    starts = [one.start for one in structure]
    for start, stop in pairwise(sorted(borders)):
        if start in numbers:
            found.append(TextBlock("page", start, [], page=numbers[start]))
        body = start
        if start in levels:
            body = whole.line_end(start, stop)
            found += whole.block("heading", start, body, levels[start])
        at = bisect_right(starts, body) - 1
        if at >= 0 and body < structure[at].end:
            found += whole.shown(structure[at], body, stop)
        else:
            found += whole.paragraphs(body, stop)
    return _with_beginning(found)


def _with_beginning(found: list[TextBlock]) -> list[TextBlock]:
    """The same blocks; the first one with a mark becomes the beginning of the passage."""
    for at, block in enumerate(found):
        if block.is_marked:
            return [*found[:at], replace(block, passage_begins=True), *found[at + 1 :]]
    return found


def structure_of(rows: Sequence[dict[str, Any]], begin: int, end: int) -> list[Block]:
    """The stored blocks between two offsets that are shown as what they are."""
    return [
        Block.from_json(row)
        for row in rows
        if row["kind"] in SHOWN_KINDS and row["start"] < end and row["end"] > begin
    ]


@dataclass(frozen=True)
class _Slice:
    """A part of a document's text, addressed by the document's offsets."""

    text: str
    offset: int
    marks: Sequence[Span]
    joined: bool

    def line_end(self, start: int, stop: int) -> int:
        line = self.text.find("\n", start - self.offset, stop - self.offset)
        return stop if line < 0 else self.offset + line

    def shown(self, block: Block, start: int, stop: int) -> Iterator[TextBlock]:
        """Yields the part of a block from `start` to `stop` as what it is."""
        raw = self.text[start - self.offset : stop - self.offset]
        shown = raw.strip("\n") if block.kind in ("code", "table") else raw.strip()
        if not shown.strip():
            return
        begin = start + raw.index(shown)
        base = TextBlock(block.kind, begin, [], block.level, label=block.label)
        if block.kind == "table":
            yield replace(base, rows=table_rows(shown, begin, block.cells, self.marks))
            return
        local = [(first - begin, last - begin) for first, last in self.marks]
        if self.joined and block.kind != "code":
            shown = BROKEN_LINE.sub(" ", shown)
        yield replace(base, pieces=marked_pieces(shown, local))

    def paragraphs(self, start: int, stop: int) -> Iterator[TextBlock]:
        at = start
        while at < stop:
            gap = self.text.find("\n\n", at - self.offset, stop - self.offset)
            end = stop if gap < 0 else self.offset + gap
            yield from self.block("paragraph", at, end)
            at = end + 2

    def block(self, kind: str, start: int, end: int, level: int = 0) -> Iterator[TextBlock]:
        """Yields the block without surrounding white space, unless it is empty."""
        raw = self.text[start - self.offset : end - self.offset]
        shown = raw.strip("\n\r\t \f")
        if kind == "heading":
            shown = shown.lstrip("#").lstrip() or shown
        if not shown:
            return
        begin = start + raw.index(shown)
        local = [(first - begin, last - begin) for first, last in self.marks]
        if kind == "paragraph":
            shown = BROKEN_LINE.sub(" ", shown) if self.joined else shown
            yield TextBlock(kind, begin, marked_pieces(shown, local))
            return
        cut = [
            SnippetPiece(MARKUP.sub("", piece.text), piece.marked)
            for piece in marked_pieces(shown, local)
        ]
        yield TextBlock(kind, start, cut, level)
