"""What the streams of an old Word document hold: text by pieces, paragraphs, styles.

[MS-DOC] 2.4 to 2.9.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from documents.errors import IngestError

WORD_97 = 0xA5EC
ENCRYPTED, SECOND_TABLE = 0x0100, 0x0200
# Where the header says how long each part of the text is, and where tables lie.
LENGTHS, LENGTH_OF_PARTS = 0x4C, 8
STYLES, PARAGRAPHS, PIECES = 0xA2, 0x102, 0x1A2
COMPRESSED = 0x40000000
PAGE = 512
TITLE, BODY_LEVEL = 62, 9
IN_TABLE, ROW_ENDS = 0x2416, 0x2417
IN_LIST, LIST_LEVEL, OUTLINE = 0x460B, 0x260A, 0x2640
LONG_OPERANDS = (0xC615, 0xD608)  # their length is written otherwise
OPERANDS = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}


@dataclass(frozen=True)
class DocParagraph:
    """The style of a paragraph by its number, and what is set of it."""

    style: int = 0
    settings: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class DocStyle:
    """A style: its number among Word's own, and its name."""

    own: int
    name: str


@dataclass(frozen=True)
class _Piece:
    start: int
    end: int
    place: int
    width: int


class DocStreams:
    """The text and the paragraphs of a document. Raises IngestError or ValueError if they cannot
    be read."""

    def __init__(self, document: bytes, tables: tuple[bytes, bytes]) -> None:
        self.document = document
        if self._number(0, 2) != WORD_97:
            raise IngestError("old_word_file")
        flags = self._number(0x0A, 2)
        if flags & ENCRYPTED:
            raise IngestError("protected_file")
        self.table = tables[bool(flags & SECOND_TABLE)]

    @cached_property
    def lengths(self) -> list[int]:
        """How long body, footnotes, headers, macros, comments, endnotes and boxes are."""
        return [self._number(LENGTHS + 4 * n) for n in range(LENGTH_OF_PARTS)]

    @cached_property
    def text(self) -> str:
        """All parts one after the other, a character for each place: letters beyond the first
        plane are two halves."""
        parts = []
        if sum(piece.end - piece.start for piece in self._pieces) > len(self.document):
            raise ValueError("pieces overlap")
        for piece in self._pieces:
            end = piece.place + (piece.end - piece.start) * piece.width
            data = self.document[piece.place : end]
            units = struct.unpack(f"<{len(data) // 2}H", data[: len(data) // 2 * 2])
            parts.append(
                data.decode("cp1252", "replace") if piece.width == 1 else "".join(map(chr, units))
            )
        return "".join(parts)

    def paragraph_at(self, place: int) -> DocParagraph:
        """The paragraph to which the character at a place of the text belongs."""
        index = bisect_right(self._starts, place) - 1
        if index < 0:
            return DocParagraph()
        piece = self._pieces[index]
        offset = piece.place + (place - piece.start) * piece.width
        found = bisect_right(self._runs[0], offset) - 1
        return self._runs[1][found] if found >= 0 else DocParagraph()

    @cached_property
    def styles(self) -> list[DocStyle]:
        """The styles in order."""
        data = self._table_at(STYLES)
        if len(data) < 6:
            return []
        header, count, base = struct.unpack_from("<HHH", data)
        at, found = header + 2, []
        for _ in range(count):
            if at + 2 > len(data):
                break
            size = int.from_bytes(data[at : at + 2], "little")
            one = data[at + 2 : at + 2 + size]
            found.append(_style(one, base))
            at += 2 + size
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return [piece.start for piece in self._pieces]

    @cached_property
    def _pieces(self) -> list[_Piece]:
        data, at = self._table_at(PIECES), 0
        while at < len(data) and data[at] == 1:  # settings that pieces share
            at += 3 + int.from_bytes(data[at + 1 : at + 3], "little")
        if at + 5 > len(data) or data[at] != 2:
            raise ValueError("no pieces")
        size = int.from_bytes(data[at + 1 : at + 5], "little")
        plain = data[at + 5 : at + 5 + size]
        count = (len(plain) - 4) // 12
        places = struct.unpack_from(f"<{count + 1}I", plain)
        found = []
        for n in range(count):
            place = struct.unpack_from("<I", plain, 4 * (count + 1) + 8 * n + 2)[0]
            narrow = bool(place & COMPRESSED)
            place &= COMPRESSED - 1
            start = places[n]
            end = max(places[n + 1], start)
            found.append(_Piece(start, end, place // 2 if narrow else place, 1 if narrow else 2))
        return found

    @cached_property
    def _runs(self) -> tuple[list[int], list[DocParagraph]]:
        """Where paragraphs begin in the file, and what they are."""
        data = self._table_at(PARAGRAPHS)
        count = max((len(data) - 4) // 8, 0)
        numbers = struct.unpack_from(f"<{count}I", data, 4 * (count + 1)) if count else ()
        found = sorted(
            (run for number in numbers for run in self._page(number & 0x3FFFFF)),
            key=lambda run: run[0],
        )
        return [start for start, _ in found], [paragraph for _, paragraph in found]

    def _page(self, number: int) -> Iterator[tuple[int, DocParagraph]]:
        page = self.document[number * PAGE : (number + 1) * PAGE]
        if len(page) < PAGE:
            return
        count = page[PAGE - 1]
        if 4 * (count + 1) + 13 * count > PAGE:
            return
        starts = struct.unpack_from(f"<{count + 1}I", page)
        for n in range(count):
            at = 2 * page[4 * (count + 1) + 13 * n]
            if not at:
                yield starts[n], DocParagraph()
                continue
            size = 2 * page[at] - 1 if page[at] else 2 * page[at + 1]
            at += 1 if page[at] else 2
            held = page[at : at + size]
            style = int.from_bytes(held[:2], "little")
            yield starts[n], DocParagraph(style, dict(_settings(held[2:])))

    def _table_at(self, place: int) -> bytes:
        start, size = self._number(place), self._number(place + 4)
        return self.table[start : start + size]

    def _number(self, place: int, size: int = 4) -> int:
        return int.from_bytes(self.document[place : place + size], "little")


def _settings(data: bytes) -> Iterator[tuple[int, int]]:
    """The settings of a paragraph with their operands; long operands end the list."""
    at = 0
    while at + 3 <= len(data):
        code = int.from_bytes(data[at : at + 2], "little")
        size = OPERANDS.get(code >> 13)
        if size is None:
            size = data[at + 2] + 1
            if code in LONG_OPERANDS:
                return
        else:
            yield code, int.from_bytes(data[at + 2 : at + 2 + size], "little")
        at += 2 + size


def _style(data: bytes, base: int) -> DocStyle:
    if len(data) < base + 2:
        return DocStyle(0xFFF, "")
    own = int.from_bytes(data[:2], "little") & 0x0FFF
    length = int.from_bytes(data[base : base + 2], "little")
    name = data[base + 2 : base + 2 + 2 * length].decode("utf-16-le", "replace")
    return DocStyle(own, name)
