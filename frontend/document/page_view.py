"""One page of a PDF as it was printed, the asked for passage boxed."""

from bisect import bisect_right
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import F, Value
from django.db.models.functions import Substr

from documents.errors import DrawingError
from documents.messages import Message
from documents.models import Document, Extraction
from documents.page_renderer import Box
from documents.previews import page_image
from frontend.document.text_view import DocumentText, OutlineItem, TextLocation
from frontend.document.word_alignment import passage_boxes

MARGIN = 4
FRAGMENT = "leaf"


@dataclass(frozen=True)
class Rect:
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class PageView:
    """Page `number` of `last`, a picture of `width` by `height` pixels.

    `said` is the passage's text on this page, and `rects` are where it stands, none when it is not
    found there; addresses are empty where there is none.
    """

    number: int
    last: int
    width: int
    height: int
    said: str
    rects: list[Rect]
    earlier: str
    later: str
    problem: Message | None = None


@dataclass(frozen=True)
class ViewLinks:
    """The same place as a page and as text; one of them is shown now."""

    as_page: str
    as_text: str
    is_text: bool


def view_links(
    document: Document, place: TextLocation, reading: DocumentText | None
) -> ViewLinks | None:
    """None for a document that can be shown in one way only."""
    if document.type != "pdf" or reading is None or not reading.pages:
        return None
    number = _number(place, reading)
    page = urlencode([("page", str(number)), *place.pairs(place.passage)])
    return ViewLinks(
        as_page=f"{document.get_absolute_url()}?{page}#{FRAGMENT}",
        as_text=_as_text(document, place, reading, number),
        is_text=place.as_text,
    )


def page_view(
    document: Document, place: TextLocation, reading: DocumentText | None
) -> PageView | None:
    """The page that `place` asks for, or that its passage begins on.

    None when the text is asked for, or when the document has no pages to show. Where a page cannot
    be drawn, `problem` says why.
    """
    if document.type != "pdf" or place.as_text or reading is None or not reading.pages:
        return None
    number, last = _number(place, reading), len(reading.pages)
    pairs = place.pairs(place.passage)

    def address(other: int) -> str:
        asked = urlencode([("page", str(other)), *pairs])
        return f"{document.get_absolute_url()}?{asked}#{FRAGMENT}" if 1 <= other <= last else ""

    found = PageView(
        number=number,
        last=last,
        width=0,
        height=0,
        said=_said(document, place, reading, number),
        rects=[],
        earlier=address(number - 1),
        later=address(number + 1),
    )
    try:
        sheet = page_image(document.content_hash, number)
    except DrawingError as error:
        return replace(found, problem=error.message)
    rects = [_rect(box) for box in passage_boxes(sheet.words, found.said)] if found.said else []
    return replace(found, width=sheet.width, height=sheet.height, rects=rects)


def outline(
    document: Document, reading: DocumentText | None, shown: PageView | None
) -> list[OutlineItem]:
    """The outline; beside a page, its headings lead to pages instead of places in the text."""
    if reading is None or shown is None or shown.problem:
        return reading.outline if reading else []

    def address(start: int) -> str:
        number = max(1, bisect_right(reading.pages, start))
        return f"{document.get_absolute_url()}?page={number}#{FRAGMENT}"

    return [replace(one, address=address(one.start)) for one in reading.outline]


def _number(place: TextLocation, reading: DocumentText) -> int:
    """The page asked for, else where the passage or the part of the text begins."""
    if reading.passage_pages:
        own = reading.passage_pages[0]
    else:
        own = max(1, bisect_right(reading.pages, place.begin))
    return min(place.page or own, len(reading.pages))


def _as_text(document: Document, place: TextLocation, reading: DocumentText, number: int) -> str:
    """The same place in the extracted text: the passage, or where the page begins."""
    url = document.get_absolute_url()
    pages = reading.passage_pages
    if place.passage and pages and pages[0] <= number <= pages[1]:
        return f"{url}?{urlencode([*place.pairs(place.passage), ('view', 'text')])}#passage"
    return f"{url}?from={reading.pages[number - 1]}#text"


def _said(document: Document, place: TextLocation, reading: DocumentText, number: int) -> str:
    """The part of the passage that is on the page."""
    if not place.passage:
        return ""
    following = reading.pages[number] if number < len(reading.pages) else reading.length
    start = max(place.passage[0], reading.pages[number - 1])
    end = min(place.passage[1], following)
    if start >= end:
        return ""
    rows = Extraction.objects.filter(document=document, version=F("document__version"))
    part = Substr("text", Value(start + 1), Value(end - start))
    return str(rows.annotate(part=part).values_list("part", flat=True).first() or "")


def _rect(box: Box) -> Rect:
    left, top, right, bottom = box
    return Rect(left - MARGIN, top - MARGIN, right - left + 2 * MARGIN, bottom - top + 2 * MARGIN)
