"""Splitting a text into passages that fit into the model's window.

A text is tokenised once, with offsets. Passages then end at the best boundary that the token
count allows: before a heading, between paragraphs, between sentences, at the end of a line,
between words, and inside a word only when the word is longer than a passage.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from documents.chunking.boundaries import PIECE, Ints, TokenOffsets
from documents.chunking.indexed_text import indexed_text, shorten
from documents.extracted_text import ExtractedText, Heading

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# The most tokens that the heading path takes, and the fewest that the text gets.
PATH_TOKENS = 48
TEXT_TOKENS = 32
# A stretch from white space to white space has as many tokens alone as within its text, give or
# take fewer than these: with so much room to spare they need not be counted again.
SPARE = 16

# How full a passage must be to end at a boundary of each kind.
FULL_ENOUGH = (0.5, 0.6, 0.6, 0.0)


@dataclass(frozen=True)
class TokenBudget:
    """How tokens are counted: the tokenizer, and the most that a model reads at once."""

    tokenizer: "Tokenizer"
    window: int

    def count(self, text: str) -> int:
        """Tokens, special ones included."""
        return len(self.tokenizer.encode(text))


@dataclass(frozen=True)
class PassageSpan:
    """`text` is `extracted.text[start:end]`; `page` is the page where it starts, from 1."""

    text: str
    start: int
    end: int
    page: int | None
    headings: list[str]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class _Section:
    start: int
    end: int
    path: list[str]


def chunk(
    extracted: ExtractedText, measure: TokenBudget, size: int, overlap: int, title: str = ""
) -> list[PassageSpan]:
    """Passages of at most `size` tokens that share whole sentences of at most `overlap` tokens.

    With title and heading path none exceeds `measure.window`. Together they hold every character
    of the text that is not white space.
    """
    if not extracted.text.strip():
        return []
    tokens = TokenOffsets(extracted.text, measure.tokenizer)
    found: list[PassageSpan] = []
    for section in _sections(extracted):
        path, room = _context(measure, title, section.path)

        def fits(start: int, end: int, path: list[str] = path, room: int = room) -> bool:
            if tokens.between(start, end) <= room - SPARE:
                return True
            text = indexed_text(title, path, extracted.text[start:end])
            return measure.count(text) <= measure.window

        for start, end in _cuts(tokens, section, min(size, room), overlap):
            found.extend(_fitting(extracted, fits, path, start, end))
    return found


def _sections(extracted: ExtractedText) -> Iterator[_Section]:
    """The sections between headings; a heading without text joins the next section."""
    text, path = extracted.text, list[Heading]()
    start = body = 0
    for heading in extracted.headings:
        if text[body : heading.start].strip():
            yield _Section(start, heading.start, [h.title for h in path])
            start = heading.start
        path = [*(h for h in path if h.level < heading.level), heading]
        line_end = text.find("\n", heading.start)
        body = line_end if line_end >= 0 else len(text)
    if text[start:].strip():
        yield _Section(start, len(text), [h.title for h in path])


def _context(measure: TokenBudget, title: str, path: Sequence[str]) -> tuple[list[str], int]:
    """The deepest headings of the path that fit, and the number of tokens left for text."""
    room = measure.window - measure.count(indexed_text(title, (), "")) - 1
    budget = min(PATH_TOKENS, room - TEXT_TOKENS)
    kept: list[str] = []
    for heading in reversed(path):
        short = shorten(heading)
        taken = measure.count(" > ".join([short, *kept])) + 1
        if taken > budget:
            break
        kept.insert(0, short)
    taken = measure.count(" > ".join(kept)) + 1 if kept else 0
    return kept, max(room - taken, 8)


def _cuts(
    tokens: TokenOffsets, section: _Section, size: int, overlap: int
) -> Iterator[tuple[int, int]]:
    start = section.start
    while start < section.end:
        first = tokens.at(start)
        end = tokens.place(first + size, section.end)
        if end < section.end:
            end = _best_border(tokens, start, end, first, size)
        if end <= start:
            end = min(start + PIECE, section.end)
        yield start, end
        if end >= section.end:
            return
        start = _overlapping(tokens, start, end, overlap)


def _best_border(tokens: TokenOffsets, start: int, end: int, first: int, size: int) -> int:
    """The last boundary of the best kind at which the passage is full enough."""
    for positions, share in zip(tokens.borders, FULL_ENOUGH, strict=True):
        border = _last(positions, start, end)
        if border and tokens.at(border) - first >= share * size:
            return border
    return end


def _last(positions: Ints, after: int, until: int) -> int | None:
    index = int(np.searchsorted(positions, until, side="right")) - 1
    return int(positions[index]) if index >= 0 and positions[index] > after else None


def _overlapping(tokens: TokenOffsets, start: int, end: int, overlap: int) -> int:
    """The start of the next passage: the first sentence within `overlap` tokens of `end`."""
    earliest = max(tokens.place(max(tokens.at(end) - overlap, 0), end), start + 1)
    if overlap <= 0 or earliest >= end:
        return end
    sentences = tokens.borders[1]
    index = int(np.searchsorted(sentences, earliest))
    return int(sentences[index]) if index < len(sentences) and sentences[index] < end else end


def _fitting(
    extracted: ExtractedText,
    fits: Callable[[int, int], bool],
    path: list[str],
    start: int,
    end: int,
) -> Iterator[PassageSpan]:
    """The section as one passage, or as halves when it exceeds the window."""
    raw = extracted.text[start:end]
    start, end = start + len(raw) - len(raw.lstrip()), end - len(raw) + len(raw.rstrip())
    if start >= end:
        return
    text = extracted.text[start:end]
    if end - start > 1 and not fits(start, end):
        middle = _middle(text)
        yield from _fitting(extracted, fits, path, start, start + middle)
        yield from _fitting(extracted, fits, path, start + middle, end)
        return
    page = bisect_right(extracted.pages, start) or None
    yield PassageSpan(text, start, end, page, path)


def _middle(text: str) -> int:
    middle = len(text) // 2
    space = text.rfind(" ", 1, middle)
    return space if space > 0 else max(middle, 1)
