"""Extracted text as blocks: headings, paragraphs, page borders, highlights."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypedDict

from frontend.snippets import MARKUP, SnippetPiece, Span, marked_pieces

# The end of a full line of prose that goes on in the next line: a line of 55 letters or more.
BROKEN_LINE = re.compile(r"(?<=[^\n]{55})\n(?=[^\W\d_])")
PART = 40_000
SNAP = 4_000


class HeadingRow(TypedDict):
    start: int
    level: int
    title: str


@dataclass(frozen=True)
class TextBlock:
    """A heading, a paragraph or the border of a page (`page` is the number of the new one)."""

    kind: str
    start: int
    pieces: list[SnippetPiece]
    level: int = 0
    page: int = 0
    passage_begins: bool = False

    @property
    def aria_level(self) -> int:
        """The ARIA level: level 1 is the title of the page."""
        return min(self.level + 1, 6)

    def repeats(self, heading: HeadingRow | None) -> bool:
        """Whether the block is just this heading, without highlights."""
        is_it = self.kind == "heading" and heading is not None and heading["start"] == self.start
        return is_it and not any(piece.marked for piece in self.pieces)


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
) -> list[TextBlock]:
    """The blocks of `text`, which begins at `offset` of its document. Offsets are the document's.

    A mark highlights the parts of the blocks that it overlaps. With `joined`, lines that were
    broken at a width are joined.
    """
    end = offset + len(text)
    levels = {int(heading["start"]): int(heading["level"]) for heading in headings}
    numbers = {start: number for number, start in enumerate(pages, start=1)}
    borders = {start for start in (*levels, *numbers) if offset <= start < end}
    borders |= {offset, end}
    found: list[TextBlock] = []
    whole = _Slice(text, offset, marks, joined)
    for start, stop in pairwise(sorted(borders)):
        if start in numbers:
            found.append(TextBlock("page", start, [], page=numbers[start]))
        body = start
        if start in levels:
            body = whole.line_end(start, stop)
            found += whole.block("heading", start, body, levels[start])
        found += whole.paragraphs(body, stop)
    return _with_beginning(found)


def _with_beginning(found: list[TextBlock]) -> list[TextBlock]:
    """The same blocks; the first one with a mark becomes the beginning of the passage."""
    for at, block in enumerate(found):
        if any(piece.marked for piece in block.pieces):
            return [*found[:at], replace(block, passage_begins=True), *found[at + 1 :]]
    return found


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
