"""The view of a PDF page as an image, with boxes around the passage."""

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
FRAGMENT = "page-image"


@dataclass(frozen=True)
class Rect:
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class PageView:
    """Page `number` of `last`, a picture of `width` by `height` pixels.

    `passage_text` is the part of the passage on this page, and `rects` are its boxes, none when it
    is not found there. An address is empty when there is no such page.
    """

    number: int
    last: int
    width: int
    height: int
    passage_text: str
    rects: list[Rect]
    earlier: str
    later: str
    problem: Message | None = None


@dataclass(frozen=True)
class ViewLinks:
    """The addresses of the same place as a page and as text."""

    as_page: str
    as_text: str
    is_text: bool


def view_links(
    document: Document, place: TextLocation, text: DocumentText | None
) -> ViewLinks | None:
    """The links to both views; None for a document with one view."""
    if document.type != "pdf" or text is None or not text.pages:
        return None
    number = _page_number(place, text)
    page = urlencode([("page", str(number)), *place.pairs(place.passage)])
    return ViewLinks(
        as_page=f"{document.get_absolute_url()}?{page}#{FRAGMENT}",
        as_text=_as_text(document, place, text, number),
        is_text=place.as_text,
    )


def page_view(
    document: Document, place: TextLocation, text: DocumentText | None
) -> PageView | None:
    """The page of `place`, or the page on which its passage begins.

    None for the text view, and for a document without page images. If the page cannot be rendered,
    `problem` says why.
    """
    if document.type != "pdf" or place.as_text or text is None or not text.pages:
        return None
    number, last = _page_number(place, text), len(text.pages)
    pairs = place.pairs(place.passage)

    def address(other: int) -> str:
        query = urlencode([("page", str(other)), *pairs])
        return f"{document.get_absolute_url()}?{query}#{FRAGMENT}" if 1 <= other <= last else ""

    found = PageView(
        number=number,
        last=last,
        width=0,
        height=0,
        passage_text=_passage_text(document, place, text, number),
        rects=[],
        earlier=address(number - 1),
        later=address(number + 1),
    )
    try:
        image = page_image(document.content_hash, number)
    except DrawingError as error:
        return replace(found, problem=error.message)
    rects = (
        [_rect(box) for box in passage_boxes(image.words, found.passage_text)]
        if found.passage_text
        else []
    )
    return replace(found, width=image.width, height=image.height, rects=rects)


def outline(
    document: Document, text: DocumentText | None, shown: PageView | None
) -> list[OutlineItem]:
    """The outline; in the page view, its headings link to pages instead of the text."""
    if text is None or shown is None or shown.problem:
        return text.outline if text else []

    def address(start: int) -> str:
        number = max(1, bisect_right(text.pages, start))
        return f"{document.get_absolute_url()}?page={number}#{FRAGMENT}"

    return [replace(one, address=address(one.start)) for one in text.outline]


def _page_number(place: TextLocation, text: DocumentText) -> int:
    """The page of the address, else the one on which the passage or the part of the text begins."""
    if text.passage_pages:
        own = text.passage_pages[0]
    else:
        own = max(1, bisect_right(text.pages, place.begin))
    return min(place.page or own, len(text.pages))


def _as_text(document: Document, place: TextLocation, text: DocumentText, number: int) -> str:
    """The address of the same place in the text: the passage, or the start of the page."""
    url = document.get_absolute_url()
    pages = text.passage_pages
    if place.passage and pages and pages[0] <= number <= pages[1]:
        return f"{url}?{urlencode([*place.pairs(place.passage), ('view', 'text')])}#passage"
    return f"{url}?from={text.pages[number - 1]}#text"


def _passage_text(document: Document, place: TextLocation, text: DocumentText, number: int) -> str:
    """The part of the passage that is on the page."""
    if not place.passage:
        return ""
    following = text.pages[number] if number < len(text.pages) else text.length
    start = max(place.passage[0], text.pages[number - 1])
    end = min(place.passage[1], following)
    if start >= end:
        return ""
    rows = Extraction.objects.filter(document=document, version=F("document__version"))
    part = Substr("text", Value(start + 1), Value(end - start))
    return str(rows.annotate(part=part).values_list("part", flat=True).first() or "")


def _rect(box: Box) -> Rect:
    left, top, right, bottom = box
    return Rect(left - MARGIN, top - MARGIN, right - left + 2 * MARGIN, bottom - top + 2 * MARGIN)
