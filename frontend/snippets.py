"""Snippets: passages shortened at word boundaries, with highlights."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Span = tuple[int, int]
HASHES = re.compile(r"^#{1,6} +", re.MULTILINE)
# What parts two cells of a table; tabulators at the beginning of a line indent code.
CELL_BORDER = re.compile(r"(?<![\n\t])\t+(?![\n\t])")
LINE_ENDS = re.compile(r"\t*\n+")
WHITE_SPACE = " \t\n"
MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,300}>")


@dataclass(frozen=True)
class SnippetPiece:
    """A piece of text, highlighted or not."""

    text: str
    marked: bool


def marked_pieces(
    text: str, spans: Iterable[Span], begin: int = 0, end: int | None = None
) -> list[SnippetPiece]:
    """`text[begin:end]`, split where `spans` (offsets into `text`) begin and end."""
    stop = len(text) if end is None else end
    at, found = begin, []
    for first, last in sorted(spans):
        start, finish = max(first, at), min(last, stop)
        if start >= finish:
            continue
        if start > at:
            found.append(SnippetPiece(text[at:start], False))
        found.append(SnippetPiece(text[start:finish], True))
        at = finish
    if at < stop:
        found.append(SnippetPiece(text[at:stop], False))
    return found


def snippet(
    text: str, spans: Sequence[Span], width: int, headings: Sequence[str] = ()
) -> list[SnippetPiece]:
    """About `width` characters of `text` around most of its highlights, with "…" for omitted text.

    A first line that repeats the last heading is left out, as are Markdown's heading marks. Dots
    part the cells of a table, and slashes its rows.
    """
    lead = _heading_length(text, headings)
    lead += len(text[lead:]) - len(text[lead:].lstrip("\n"))
    text, spans = text[lead:], [(first - lead, last - lead) for first, last in spans]
    is_table = CELL_BORDER.search(text) is not None
    return [
        SnippetPiece(_shown(piece.text, is_table), piece.marked)
        for piece in _cut(text, spans, width)
    ]


def _shown(text: str, is_table: bool) -> str:
    text = HASHES.sub("", text)
    return (
        LINE_ENDS.sub("\N{NO-BREAK SPACE}/ ", CELL_BORDER.sub("\N{NO-BREAK SPACE}· ", text))
        if is_table
        else text
    )


def _heading_length(text: str, headings: Sequence[str]) -> int:
    line, newline, rest = text.partition("\n")
    says = line.lstrip("#").strip()
    is_heading = (
        bool(headings) and plain_title(says) == plain_title(headings[-1]) and bool(rest.strip())
    )
    return len(line) + len(newline) if is_heading else 0


def _cut(text: str, spans: Sequence[Span], width: int) -> list[SnippetPiece]:
    if len(text) <= width * 1.2:
        return marked_pieces(text, spans)
    begin = _densest(text, sorted(spans), width)
    end = min(len(text), begin + width)
    if begin > 0:
        gaps = [text.find(sign, begin, begin + 40) for sign in WHITE_SPACE]
        begin = min((gap + 1 for gap in gaps if gap >= 0), default=begin)
    if end < len(text):
        cut = max(text.rfind(sign, end - 40, end) for sign in WHITE_SPACE)
        end = cut if cut > 0 else end
    shown = marked_pieces(text, spans, begin, end)
    before = [SnippetPiece("… ", False)] if begin > 0 else []
    after = [SnippetPiece(" …", False)] if end < len(text) else []
    return before + shown + after


def _densest(text: str, spans: Sequence[Span], width: int) -> int:
    """The start of the window of `width` characters with the most highlights."""
    best, most = 0, 0
    for first, (start, _) in enumerate(spans):
        held = sum(1 for other in spans[first:] if other[1] <= start + width * 3 // 4)
        if held > most:
            best, most = start, held
    return max(0, min(best - width // 5, len(text) - width))


def plain_title(title: str) -> str:
    """A heading without HTML tags, which Markdown files may have in theirs."""
    return " ".join(MARKUP.sub("", title).split()) or title
