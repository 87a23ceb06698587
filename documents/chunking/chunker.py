"""Splitting a text into passages that fit into the model's window.

A text is tokenised once, with offsets. Passages then end at the best boundary that the token
count allows: before a heading, between paragraphs, before an item of a list or a row of a table,
between sentences, at the end of a line, between words, and inside a word only when the word is
longer than a passage. An item or a row that fits into a passage is never cut.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from documents.chunking.boundaries import TokenOffsets
from documents.chunking.cutter import PassageCutter
from documents.chunking.indexed_text import indexed_text, shorten
from documents.chunking.structure import COLUMN_SEPARATOR, TextStructure
from documents.extracted_text import ExtractedText, Heading

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# The most tokens that the heading path takes, and the fewest that the text gets.
PATH_TOKENS = 48
TEXT_TOKENS = 32
# The most tokens that the names of a table's columns take in a passage of its rows.
COLUMN_TOKENS = 64
# A stretch from white space to white space has as many tokens alone as within its text, give or
# take fewer than these: with so much room to spare they need not be counted again.
SPARE = 16


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
    """`text` is `extracted.text[start:end]`; `page` is the page where it starts, from 1.

    The last of `headings` are the names of the columns where a table began in an earlier passage.
    """

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
    of the text that is not white space, apart from what stands around its subject.
    """
    if not extracted.text.strip():
        return []
    tokens, structure = TokenOffsets(extracted.text, measure.tokenizer), TextStructure(extracted)
    cutter = PassageCutter(tokens, structure)
    found: list[PassageSpan] = []
    for section in _sections(extracted, structure):
        context = _context(measure, structure, section, title)
        for start, end in cutter.cuts(section.start, section.end, min(size, context.room), overlap):
            found.extend(_fitting(extracted, cutter, context, start, end))
    return found


@dataclass(frozen=True)
class _Context:
    """What is read with each passage of a section, and the tokens left for the passage.

    `columns` are the names of the columns of each table by its start.
    """

    measure: TokenBudget
    title: str
    path: list[str]
    columns: Mapping[int, str]
    room: int

    def headings(self, structure: TextStructure, start: int) -> list[str]:
        """The path of a passage; within a table with the names of its columns."""
        table = structure.table_around(start)
        names = self.columns.get(table.start) if table else None
        return [*self.path, names] if names else self.path


def _context(
    measure: TokenBudget, structure: TextStructure, section: _Section, title: str
) -> _Context:
    path, room = _path(measure, title, section.path)
    columns = _columns(measure, structure, section, room)
    room -= max(map(measure.count, columns.values()), default=0)
    return _Context(measure, title, path, columns, room)


def _columns(
    measure: TokenBudget, structure: TextStructure, section: _Section, room: int
) -> dict[int, str]:
    """The names of the columns of the section's tables that are repeated, as many as fit."""
    budget = min(COLUMN_TOKENS, room - TEXT_TOKENS)
    found: dict[int, str] = {}
    for table in structure.tables_between(section.start, section.end):
        names = list(table.names)
        while names and measure.count(COLUMN_SEPARATOR.join(names)) > budget:
            names = names[: len(names) // 2]
        found[table.start] = COLUMN_SEPARATOR.join(names)
    return found


def _sections(extracted: ExtractedText, structure: TextStructure) -> Iterator[_Section]:
    """The sections, without what is not indexed of them."""
    for section in _between_headings(extracted):
        for start, end in structure.indexed_parts(section.start, section.end):
            if extracted.text[start:end].strip():
                yield _Section(start, end, section.path)


def _between_headings(extracted: ExtractedText) -> Iterator[_Section]:
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


def _path(measure: TokenBudget, title: str, path: Sequence[str]) -> tuple[list[str], int]:
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


def _fitting(
    extracted: ExtractedText, cutter: PassageCutter, context: _Context, start: int, end: int
) -> Iterator[PassageSpan]:
    """The section as one passage, or as halves when it exceeds the window."""
    raw = extracted.text[start:end]
    start, end = start + len(raw) - len(raw.lstrip()), end - len(raw) + len(raw.rstrip())
    if start >= end:
        return
    text = extracted.text[start:end]
    headings = context.headings(cutter.structure, start)
    if end - start > 1 and cutter.tokens.between(start, end) > context.room - SPARE:
        measure = context.measure
        if measure.count(indexed_text(context.title, headings, text)) > measure.window:
            middle = start + _middle(text)
            yield from _fitting(extracted, cutter, context, start, middle)
            yield from _fitting(extracted, cutter, context, middle, end)
            return
    page = bisect_right(extracted.pages, start) or None
    yield PassageSpan(text, start, end, page, headings)


def _middle(text: str) -> int:
    middle = len(text) // 2
    space = text.rfind(" ", 1, middle)
    return space if space > 0 else max(middle, 1)
