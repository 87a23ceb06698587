"""Page headers, footers and page numbers: lines that come back at the borders of pages."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from documents.extraction.readers.pdf.segments import Line

# The part of a page's height at its top and bottom that holds them.
MARGIN = 0.18
# On so many pages, and on this share of all, a line has come back.
LEAST_PAGES, SHARE = 3, 0.3

# What is parted from the text by so much of its letters' size.
CLEAR = 0.5
# Larger letters than the text's, by so much, are those of headings.
LARGEST = 1.12
MOST_LINES, MOST_NUMBERS = 12, 8
# Lines of more letters are a paragraph that some pages share, unless they are on most of them.
MOST_LETTERS, MOST_PAGES = 250, 0.6

Key = tuple[str, str, int]  # margin, text, place

NUMBER = re.compile(r"[0-9]+")
PAGE_NUMBER = re.compile(
    r"^[\W_]*(?:(?:page|seite|p\.|s\.)\s*)?(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:/|of|von)\s*\d+)?[\W_]*$",
    re.I,
)


@dataclass
class PageLines:
    """The lines of a page in reading order, with those of its margins apart."""

    number: int
    bottom: float
    top: float
    lines: list[Line]
    header: list[Line] = field(default_factory=list)
    footer: list[Line] = field(default_factory=list)

    def margin(self, line: Line) -> str:
        """ "header" or "footer" for a line at a border of the page, else nothing."""
        depth = MARGIN * (self.top - self.bottom)
        if line.box[1] > self.top - depth:
            return "header"
        return "footer" if line.box[3] < self.bottom + depth else ""


def part_margins(pages: Sequence[PageLines]) -> None:
    """Move lines that come back at the same place out of the text, with their page numbers."""
    seen: Counter[Key] = Counter()
    for page in pages:
        seen.update({key for line in page.lines for key in _keys(page, line)})
    least = max(LEAST_PAGES, SHARE * len(pages))
    largest = LARGEST * _usual_size(pages)
    for page in pages:
        found = [
            line
            for line in page.lines
            if page.margin(line) and line.style.size <= largest
            and ((len(pages) > 1 and PAGE_NUMBER.match(line.text.strip()))
                 or max(seen[key] for key in _keys(page, line)) >= least)
        ]  # fmt: skip
        for margin in ("header", "footer"):
            lines = [line for line in found if page.margin(line) == margin]
            if sum(len(line.text) for line in lines) > MOST_LETTERS:
                often = (max(seen[key] for key in _keys(page, line)) for line in lines)
                lines = lines if max(often) > MOST_PAGES * len(pages) else []
            setattr(page, margin, _apart(page, lines))
        moved = {id(line) for line in (*page.header, *page.footer)}
        page.lines = [line for line in page.lines if id(line) not in moved]


def _usual_size(pages: Sequence[PageLines]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[line.style.size] += len(line.text)
    return max(sizes, key=lambda size: sizes[size], default=0.0)


def _apart(page: PageLines, lines: list[Line]) -> list[Line]:
    """The lines, if space parts them from the text: one that repeats itself has none."""
    if len(lines) > MOST_LINES:
        return []
    chosen = {id(line) for line in lines}
    for line in lines:
        for other in page.lines:
            gap = max(other.box[1] - line.box[3], line.box[1] - other.box[3])
            if id(other) not in chosen and gap < CLEAR * line.style.size and _beside(line, other):
                return []
    return lines


def _beside(one: Line, other: Line) -> bool:
    return one.box[0] < other.box[2] and other.box[0] < one.box[2]


def _keys(page: PageLines, line: Line) -> list[Key]:
    """What a line has in common with those of other pages: its text, but for a number that counts
    with the pages."""
    text = line.text.strip().lower()
    place = round((line.box[1] - page.bottom) / 10)
    margin = page.margin(line)
    found = [(margin, text, place)]
    for span in islice(NUMBER.finditer(text), MOST_NUMBERS):
        offset = int(span[0][:6]) - page.number
        found.append((margin, f"{text[: span.start()]}#{offset}{text[span.end() :]}", place))
    return found
