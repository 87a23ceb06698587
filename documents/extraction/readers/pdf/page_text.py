"""The text layer of a PDF page: its letters as pdfium finds them, as lines of words."""

import ctypes
import math
import re
import sys
from collections.abc import Iterator
from typing import Any

from documents.extraction.readers.pdf.legibility import is_legible
from documents.extraction.readers.pdf.segments import (
    FontStyle,
    Line,
    LineSegment,
    joined_words,
    level_groups,
)
from documents.extraction.readers.pdf.visibility import Box, TextVisibility

LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st",
             0xFB06: "st"}  # fmt: skip
# What pdfium gives in the place of a hyphen at the end of a line, and hyphens that it leaves.
BROKEN, SOFT_HYPHEN = (2, 0xFFFE), "\u00ad"
NO_BREAK_SPACE, FIRST_LETTER, PRIVATE_USE = 0xA0, 33, 0xE000
ENDS = (10, 13, 32, NO_BREAK_SPACE, *BROKEN)
LINE_END = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad]$")
SURROGATE = re.compile(r"[\ud800-\udfff]")
# The part of a letter's height that is its font's size, where nothing better is known.
FONT_SIZE = 0.85
TAGS = range(0xE0000, 0xE0080)
FIXED_PITCH, FIXED = 1, re.compile(r"mono|courier|consol|typewriter|cmtt")


class PageText:
    """The text layer of a page. `hidden` are words that nobody sees."""

    def __init__(self, page: Any) -> None:
        import pypdfium2.raw as pdfium

        self.pdfium = pdfium
        self.page = page
        self.text_page = page.get_textpage()
        self.visibility = TextVisibility(page, self.text_page.raw)
        self.turn = page.get_rotation()
        self.crop: Box = page.get_bbox()
        self.letters = self.unknown = 0
        self.guessed: list[str] = []
        self.hidden: list[str] = []
        self.styles: dict[int | None, FontStyle] = {}

    @property
    def bottom_top(self) -> tuple[float, float]:
        """The borders of the page as it is shown."""
        left, bottom, right, top = self.crop
        borders = {0: (bottom, top), 90: (-right, -left), 180: (-top, -bottom), 270: (left, right)}
        return borders[self.turn]

    @property
    def unmapped(self) -> int:
        """How many letters are unknown, since their font does not say what they are.

        pdfium then takes the numbers of their shapes for those of letters, which may be right.
        """
        guessed = "".join(self.guessed)
        return self.unknown if is_legible(guessed) else max(self.unknown, len(guessed))

    def lines(self) -> list[Line]:
        found = []
        for words, is_broken in self._word_lines():
            seen = [word for word in words if not word.style.is_hidden]
            self.hidden += [word.text for word in words if word.style.is_hidden]
            groups = list(level_groups(seen))
            for group in groups:
                line = Line(joined_words(group))
                last = line.segments[-1]
                if LINE_END.search(last.text):
                    last.text, line.is_broken = last.text[:-1], True
                for segment in line.segments:
                    segment.text = segment.text.replace(SOFT_HYPHEN, "")
                found.append(line)
            if groups:
                found[-1].is_broken |= is_broken
        return found

    def _word_lines(self) -> Iterator[tuple[list[LineSegment], bool]]:
        """The words between pdfium's line ends, and whether the last one is broken."""
        raw, unicode = self.text_page.raw, self.pdfium.FPDFText_GetUnicode
        words: list[LineSegment] = []
        letters, first = "", 0
        count = self.text_page.count_chars()
        for at in range(count + 1):
            code = unicode(raw, at) if at < count else 10
            if FIRST_LETTER <= code < PRIVATE_USE and code != NO_BREAK_SPACE:  # nearly all
                if not letters:
                    first = at
                letters += chr(code)
                continue
            if code in ENDS:
                if letters:
                    words.append(self._word(letters, first, at - 1))
                    letters = ""
                if code not in (32, NO_BREAK_SPACE) and words:
                    yield words, code in BROKEN
                    words = []
                continue
            if not letters:
                first = at
            letters += self._letter(at, code)

    def _letter(self, at: int, code: int) -> str:
        if code in TAGS:
            self.hidden.append(chr(code - TAGS.start))
            return ""
        if code < 0xF900 or code == 0xFFFD or code > sys.maxunicode:
            self.unknown += 1
            return "\ufffd"
        return LIGATURES.get(code) or chr(code)

    def _word(self, letters: str, first: int, last: int) -> LineSegment:
        self.letters += len(letters)
        if self._is_guessed(first) or self._is_guessed(last):
            places = (at for at in range(first, last + 1) if self._is_guessed(at))
            self.guessed += [letters[min(at - first, len(letters) - 1)] for at in places]
        if SURROGATE.search(letters):  # pdfium gives letters beyond the first plane in two halves
            letters = letters.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        start, end = self._box(first), self._box(last)
        box = (min(start[0], end[0]), min(start[1], end[1]),
               max(start[2], end[2]), max(start[3], end[3]))  # fmt: skip
        handle = self.pdfium.FPDFText_GetTextObject(self.text_page.raw, first)
        key = ctypes.cast(handle, ctypes.c_void_p).value
        if key not in self.styles:
            self.styles[key] = self._style(first, handle)
        style = self.styles[key]
        if not style.is_hidden and self._is_off(box):
            style = FontStyle(style.size, is_hidden=True)
        return LineSegment(letters, box, style)

    def _is_guessed(self, at: int) -> bool:
        return bool(self.pdfium.FPDFText_HasUnicodeMapError(self.text_page.raw, at) == 1)

    def _rect(self, at: int) -> Box:
        """The place of a letter, as high as its font."""
        rect = self.pdfium.FS_RECTF()
        self.pdfium.FPDFText_GetLooseCharBox(self.text_page.raw, at, rect)
        return rect.left, rect.bottom, rect.right, rect.top

    def _box(self, at: int) -> Box:
        """The place of a letter on the page as it is shown, turned by the page's rotation."""
        left, bottom, right, top = self._rect(at)
        if self.turn == 90:
            return bottom, -right, top, -left
        if self.turn == 180:
            return -right, -top, -left, -bottom
        if self.turn == 270:
            return -top, left, -bottom, right
        return left, bottom, right, top

    def _is_off(self, box: Box) -> bool:
        if self.turn:
            return False
        left, bottom, right, top = self.crop
        return box[2] < left or box[0] > right or box[3] < bottom or box[1] > top

    def _style(self, at: int, handle: Any) -> FontStyle:
        pdfium, raw = self.pdfium, self.text_page.raw
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(raw, at, matrix)
        size = pdfium.FPDFText_GetFontSize(raw, at) * math.hypot(matrix.c, matrix.d)
        is_turned = abs(matrix.b) > abs(matrix.a)
        rect = self._rect(at)
        height = rect[2] - rect[0] if is_turned else rect[3] - rect[1]
        if not height / 3 < size < height * 3:  # the font has its own measure
            size = FONT_SIZE * height
        font, flags = self._font(at)
        return FontStyle(
            size=round(size, 1),
            is_bold=pdfium.FPDFText_GetFontWeight(raw, at) >= 600 or "bold" in font,
            is_fixed=bool(flags & FIXED_PITCH) or FIXED.search(font) is not None,
            is_rotated=is_turned != (self.turn in (90, 270)),
            is_hidden=self.visibility.is_hidden(at, handle, size, rect),
        )

    def _font(self, at: int) -> tuple[str, int]:
        buffer, flags = ctypes.create_string_buffer(128), ctypes.c_int()
        self.pdfium.FPDFText_GetFontInfo(self.text_page.raw, at, buffer, 128, flags)
        return buffer.value.decode("utf-8", "replace").lower(), flags.value
