"""Which letters of a page nobody sees."""

import ctypes
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Any

Box = tuple[float, float, float, float]  # left, bottom, right, top; in points

INVISIBLE = 3  # the render mode of text that is neither filled nor stroked
WHITE = 245
SMALLEST = 1.0  # points
# The picture of a text covers more than this share of the page.
SCAN = 0.05
# Of more than so many things on a page, some may be anywhere.
MOST_AREAS = 3_000


class TextVisibility:
    """Judges the letters of `text`, pdfium's handle of a page's text."""

    def __init__(self, page: Any, text: Any) -> None:
        import pypdfium2.raw as pdfium

        self.pdfium = pdfium
        self.page = page
        self.text = text

    def is_hidden(self, at: int, handle: Any, size: float, box: Box) -> bool:
        """Whether letters are too small; invisible, and not the recognised text of a picture under
        them; or white on what is white."""
        if 0 < size < SMALLEST:
            return True
        color = _color(self.pdfium.FPDFText_GetFillColor, self.text, at)
        mode = self.pdfium.FPDFTextObj_GetTextRenderMode(handle)
        if mode == INVISIBLE or (color and color[3] == 0):
            return not any(_covers(picture, box) for picture in self._pictures)
        if color is None or min(color[:3]) < WHITE:
            return False
        return not any(_covers(area, box) for area in self._painted)

    @cached_property
    def largest_picture(self) -> float:
        """The share of the page that its largest picture covers."""
        return max(map(self._share, self._areas(self.pdfium.FPDF_PAGEOBJ_IMAGE)), default=0)

    def _share(self, area: Box) -> float:
        width, height = self.page.get_size()
        return (area[2] - area[0]) * (area[3] - area[1]) / max(float(width * height), 1.0)

    @cached_property
    def _pictures(self) -> list[Box]:
        """Pictures that may be of text."""
        areas = self._areas(self.pdfium.FPDF_PAGEOBJ_IMAGE)
        return [area for area in areas if self._share(area) > SCAN]

    @cached_property
    def _painted(self) -> list[Box]:
        """What is not white under the text."""
        pdfium = self.pdfium
        kinds = (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING)
        areas = list(islice(self._areas(*kinds), MOST_AREAS))
        return areas if len(areas) < MOST_AREAS else [self.page.get_bbox()]

    def _areas(self, *kinds: int) -> Iterator[Box]:
        for thing in self.page.get_objects(filter=kinds, max_depth=5):
            if thing.type == self.pdfium.FPDF_PAGEOBJ_PATH:
                color = _color(self.pdfium.FPDFPageObj_GetFillColor, thing.raw)
                if color is None or min(color[:3]) >= WHITE:
                    continue
            yield thing.get_bounds()


def _color(getter: Any, *what: Any) -> tuple[int, int, int, int] | None:
    parts = [ctypes.c_uint() for _ in range(4)]
    if not getter(*what, *parts):
        return None
    red, green, blue, alpha = (part.value for part in parts)
    return red, green, blue, alpha


def _covers(area: Box, box: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]
