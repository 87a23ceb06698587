"""The text view of a document: a part of its text as blocks, with highlights and outline."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from django.db.models import QuerySet, Value
from django.db.models.functions import Length, Substr
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from documents.extraction import format_of
from documents.models import Document, Extraction
from frontend.document.blocks import (
    SNAP,
    HeadingRow,
    TextBlock,
    part_bounds,
    snap_to_line,
    structure_of,
    text_blocks,
)
from frontend.page_numbers import Pages, pages_of
from frontend.snippets import Span, plain_title

MOST_MATCHES = 20
MOST_HEADINGS = 400
MAIL_IDS = ("message_id", "in_reply_to")
METADATA_LABELS = {
    "author": gettext_lazy("Author"),
    "tags": gettext_lazy("Tags"),
    "keywords": gettext_lazy("Keywords"),
    "subject": gettext_lazy("Subject"),
    "description": gettext_lazy("Description"),
    "category": gettext_lazy("Category"),
    "categories": gettext_lazy("Categories"),
}
LARGEST = 2**31 - 1 - SNAP


@dataclass(frozen=True)
class TextLocation:
    """The place of an address: a passage, the other matches of its search, a part or a page.

    `as_text` selects the text view of a document that has page images.
    """

    passage: Span | None = None
    also: tuple[Span, ...] = ()
    begin: int = 0
    query: str = ""
    page: int = 0
    as_text: bool = False

    @classmethod
    def read(cls, get: QueryDict) -> Self:
        found = [_span(*text.partition("-")[::2]) for text in get.getlist("also")[:MOST_MATCHES]]
        return cls(
            passage=_span(get.get("start", ""), get.get("end", "")),
            also=tuple(span for span in found if span),
            begin=_number(get.get("from", "")) or 0,
            query=get.get("q", "")[:1000],
            page=_number(get.get("page", "")) or 0,
            as_text=get.get("view") == "text" or "from" in get,
        )

    @property
    def matches(self) -> list[Span]:
        return sorted({*self.also, self.passage}) if self.passage else []

    def pairs(self, passage: Span | None) -> list[tuple[str, str]]:
        """The parameters of an address for one of the matches, with the others."""
        pairs = [("start", str(passage[0])), ("end", str(passage[1]))] if passage else []
        pairs += [("also", f"{a}-{b}") for a, b in self.matches if (a, b) != passage]
        return [*pairs, ("q", self.query)] if self.query else pairs


@dataclass(frozen=True)
class OutlineItem:
    start: int
    title: str
    level: int
    address: str


@dataclass(frozen=True)
class MatchNavigation:
    """The shown match is number `number` of `matches` in the order of the text; 0 without one."""

    number: int = 0
    matches: int = 0
    previous: str = ""
    next: str = ""


@dataclass(frozen=True)
class DocumentText:
    """`begin`, `end` and `length` count code points; addresses of missing parts are empty."""

    blocks: list[TextBlock]
    outline: list[OutlineItem]
    pages: list[int]
    begin: int
    end: int
    length: int
    earlier: str
    later: str
    navigation: MatchNavigation
    passage_pages: Pages | None


def document_text(document: Document, place: TextLocation) -> DocumentText | None:
    """The part of the published text at `place`, or None without a published text."""
    extractions = Extraction.objects.filter(document=document, version=document.version)
    row = extractions.annotate(length=Length("text")).defer("text").first()
    if row is None:
        return None
    length: int = row.length
    focus = place.passage[0] if place.passage else place.begin
    begin, end = part_bounds(length, focus)
    if place.passage:
        end = max(end, min(place.passage[1], length, end + SNAP))
    text = _text(extractions, begin, end + SNAP)
    if text is None:  # deleted or replaced meanwhile
        return None
    offset, (begin, end) = begin, snap_to_line(text, begin, end, begin)
    title = _title_of(row.headings, document)
    headings = _levelled(row.headings, title)
    found = text_blocks(
        text[begin - offset : end - offset],
        begin,
        headings,
        row.pages,
        [place.passage] if place.passage else [],
        joined=format_of(document.type).is_wrapped,
        structure=structure_of(row.blocks, begin, end),
    )
    return DocumentText(
        blocks=[block for block in found if not block.repeats(title)],
        outline=list(_outline(headings[1:] if title else headings, begin, end, document)),
        pages=row.pages,
        begin=begin,
        end=end,
        length=length,
        earlier=_part(document, offset - 1) if begin > 0 else "",
        later=_part(document, end) if end < length else "",
        navigation=_navigation(place, document),
        passage_pages=pages_of(place.passage, row.pages) if place.passage else None,
    )


def shown_source(document: Document) -> str:
    """The source, unless it is just the file's name or a path on the server."""
    path = document.source
    return "" if path.startswith("/") or path == document.filename else path


def shown_metadata(document: Document) -> list[tuple[str, str]]:
    """Each field with its value as text; the entries of a list are separated by commas.

    The identifiers of mails are for programs and left out.
    """
    return [
        (_label(key), ", ".join(map(_said, value if isinstance(value, list) else [value])))
        for key, value in document.metadata.items()
        if key not in MAIL_IDS
    ]


def _label(key: str) -> str:
    """A field's name, in the words of the page where readers of files gave it."""
    label = METADATA_LABELS.get(key)
    return str(label) if label else key


def _said(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _text(extractions: QuerySet[Extraction], begin: int, end: int) -> str | None:
    sliced = Substr("text", Value(begin + 1), Value(end - begin))
    return extractions.annotate(part=sliced).values_list("part", flat=True).first()


def _part(document: Document, begin: int, fragment: str = "text") -> str:
    return f"{document.get_absolute_url()}?from={max(0, begin)}#{fragment}"


def _title_of(headings: list[HeadingRow], document: Document) -> HeadingRow | None:
    """The first heading, if it repeats the title of the page."""
    says_so = headings and plain_title(headings[0]["title"]) == document.title
    return headings[0] if says_so else None


def _levelled(headings: list[HeadingRow], title: HeadingRow | None) -> list[HeadingRow]:
    """The outline with levels shifted so that the highest one shown is 1."""
    shown = [heading["level"] for heading in headings if heading is not title]
    above = min(shown, default=1) - 1
    return [{**heading, "level": max(1, heading["level"] - above)} for heading in headings]


def _outline(
    headings: list[HeadingRow], begin: int, end: int, document: Document
) -> Iterator[OutlineItem]:
    for heading in headings[:MOST_HEADINGS]:
        start, fragment = heading["start"], f"h-{heading['start']}"
        here = begin <= start < end
        yield OutlineItem(
            start=start,
            title=plain_title(heading["title"]),
            level=min(heading["level"], 4),
            address=f"#{fragment}" if here else _part(document, start, fragment),
        )


def _navigation(place: TextLocation, document: Document) -> MatchNavigation:
    """The number of the match, and the addresses of the previous and the next one."""
    matches = place.matches
    if place.passage is None:
        return MatchNavigation()
    at = matches.index(place.passage)

    view = [("view", "text")] if place.as_text else []

    def address(index: int) -> str:
        if not 0 <= index < len(matches):
            return ""
        query = urlencode([*place.pairs(matches[index]), *view])
        return f"{document.get_absolute_url()}?{query}#passage"

    return MatchNavigation(at + 1, len(matches), address(at - 1), address(at + 1))


def _number(text: str) -> int | None:
    return min(int(text), LARGEST) if text.isdecimal() and len(text) < 12 else None


def _span(start: str, end: str) -> Span | None:
    first, last = _number(start), _number(end)
    return (first, last) if first is not None and last is not None and first < last else None
