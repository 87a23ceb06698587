"""One page of a PDF as a picture, and where its words stand in it. Runs in a child process."""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from documents.errors import DrawingError

WIDTH = 1400
MOST_PIXELS = 4_000_000
LONGEST_SIDE = 8000
MOST_CHARACTERS = 40_000
QUALITY = 75

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class PageWord:
    """A run of letters, with a box (left, top, right, bottom, in pixels) for each line it is on."""

    text: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class RenderedPage:
    """`image` is WebP of `width` by `height` pixels; `words` are in the order of the file."""

    image: bytes
    width: int
    height: int
    words: tuple[PageWord, ...]


def render_page(path: Path, number: int) -> RenderedPage:
    """Page `number`, from 1. Raises DrawingError with a message for the reader."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as document:
            if not 1 <= number <= len(document):
                raise DrawingError("no_such_page")
            page = document[number - 1]
            bitmap = page.render(scale=_scale(*page.get_size()))
            words = tuple(_words(page.get_textpage(), bitmap.get_posconv(page)))
            image = io.BytesIO()
            bitmap.to_pil().convert("RGB").save(image, "WEBP", quality=QUALITY, method=2)
            return RenderedPage(image.getvalue(), bitmap.width, bitmap.height, words)
    except (pypdfium2.PdfiumError, OSError, ValueError) as error:
        raise DrawingError("pdf_unreadable") from error


def _scale(width: float, height: float) -> float:
    """As wide as WIDTH, unless that would be too many pixels, or more on a side than WebP takes."""
    longest, area = max(width, height, 1), max(width * height, 1)
    return min(WIDTH / max(width, 1), math.sqrt(MOST_PIXELS / area), LONGEST_SIDE / longest)


def _words(text: object, place: object) -> Iterator[PageWord]:
    """`text` is pdfium's text of the page, `place` turns its points into pixels.

    A word broken at the end of a line is one word: pdfium sets no white space into it.
    """
    count = min(text.count_chars(), MOST_CHARACTERS)  # type: ignore[attr-defined]
    letters, boxes = "", list[Box]()
    for at in range(count):
        letter = text.get_text_range(at, 1)  # type: ignore[attr-defined]
        if letter.isspace() or not letter:
            if letters and boxes:
                yield PageWord(letters, tuple(boxes))
            letters, boxes = "", []
            continue
        letters += letter
        _widen(boxes, _pixels(text.get_charbox(at), place))  # type: ignore[attr-defined]
    if letters and boxes:
        yield PageWord(letters, tuple(boxes))


def _pixels(points: tuple[float, float, float, float], place: object) -> Box:
    left, bottom, right, top = points
    (x1, y1), (x2, y2) = place.to_bitmap(left, bottom), place.to_bitmap(right, top)  # type: ignore[attr-defined]
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _widen(boxes: list[Box], more: Box) -> None:
    """Let the last box hold `more` too, or begin another when that is on another line."""
    if more[0] == more[2] or more[1] == more[3]:
        return
    if boxes and boxes[-1][1] <= more[3] and more[1] <= boxes[-1][3]:
        left, top, right, bottom = boxes[-1]
        more = (min(left, more[0]), min(top, more[1]), max(right, more[2]), max(bottom, more[3]))
        boxes.pop()
    boxes.append(more)
