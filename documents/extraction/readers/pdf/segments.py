"""Words with their places on a page, joined to the pieces of lines that stand together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from statistics import median

from documents.extraction.readers.pdf.visibility import Box

# Between words is a quarter of the letters' size, in justified lines more. A gap that is so wide,
# and so many times as wide as those between words of its line, parts cells and columns.
WORD_GAP, WIDE_GAP, TIMES_OTHERS = 0.28, 0.7, 2.5


@dataclass(frozen=True)
class FontStyle:
    """How letters of one text object look; `is_fixed`: all are equally wide, as in code."""

    size: float
    is_bold: bool = False
    is_fixed: bool = False
    is_rotated: bool = False
    is_hidden: bool = False


@dataclass
class LineSegment:
    """A word, or words of one line without a wide gap between them."""

    text: str
    box: Box
    style: FontStyle

    @property
    def middle(self) -> float:
        return (self.box[1] + self.box[3]) / 2


@dataclass
class Line:
    """The segments of a line in reading order; `is_broken`: its last word goes on in the next."""

    segments: list[LineSegment] = field(default_factory=list)
    is_broken: bool = False

    @property
    def text(self) -> str:
        return " ".join(segment.text for segment in self.segments)

    @cached_property
    def box(self) -> Box:
        lefts, bottoms, rights, tops = zip(*(one.box for one in self.segments), strict=True)
        return min(lefts), min(bottoms), max(rights), max(tops)

    @property
    def style(self) -> FontStyle:
        return max(self.segments, key=lambda one: len(one.text)).style


def level_groups(words: Sequence[LineSegment]) -> Iterator[list[LineSegment]]:
    """Words on one level; pdfium's lines may hold several if it took what follows for one."""
    group: list[LineSegment] = []
    for word in words:
        if group and not word.style.is_rotated:
            low, high = max(group[-1].box[1], word.box[1]), min(group[-1].box[3], word.box[3])
            if high - low < 0.25 * min(group[-1].style.size, word.style.size):
                yield group
                group = []
        group.append(word)
    if group:
        yield group


def joined_words(words: Sequence[LineSegment]) -> list[LineSegment]:
    """The words of a line, parted where the gap is wide."""
    pairs = [(_gap(one, other), max(one.style.size, other.style.size))
             for one, other in pairwise(words)]  # fmt: skip
    usual = median([gap / em for gap, em in pairs if 0 < gap <= WIDE_GAP * em] or [WORD_GAP])
    found = [[words[0]]]
    for word, (gap, em) in zip(words[1:], pairs, strict=True):
        if gap > em * max(WIDE_GAP, TIMES_OTHERS * usual) and not word.style.is_rotated:
            found.append([])
        found[-1].append(word)
    return [_joined(group) for group in found]


def _gap(one: LineSegment, other: LineSegment) -> float:
    """The distance on the line, whichever way it is written."""
    if other.box[0] >= one.box[0]:
        return other.box[0] - one.box[2]
    return one.box[0] - other.box[2]


def _joined(words: Sequence[LineSegment]) -> LineSegment:
    lefts, bottoms, rights, tops = zip(*(word.box for word in words), strict=True)
    longest = max(words, key=lambda word: len(word.text))
    return LineSegment(
        " ".join(word.text for word in words),
        (min(lefts), min(bottoms), max(rights), max(tops)),
        longest.style,
    )
