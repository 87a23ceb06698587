"""From the lines of a page to its blocks: tables, columns, paragraphs, list items."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from documents.extraction.readers.pdf.grids import (
    column_lines,
    grid_columns,
    grids,
    is_prose,
    table_block,
)
from documents.extraction.readers.pdf.page_block import PageBlock, is_item
from documents.extraction.readers.pdf.segments import Line, LineSegment

# Lines of one paragraph are at most so many times the letters' size apart.
LEADING = 1.75
# A line that ends so far before the right border, in parts of the width, ends as its writer meant.
FULL_LINE = 0.86
# So many lines around one say how its paragraph is set.
RECENT = 40
# A first line that is so much narrower than the second is a heading without another mark.
SHORT = 0.4
# A line of prose has more letters.
LETTERS_OF_PROSE = 20

NUMBER_FIRST = re.compile(r"^(\(?\d{1,2}[.)])\s+(?=\S)")
BULLET_FIRST = re.compile(r"^([•◦▪▫■□●○‣\u2043∙])\s+(?=\S)")
SENTENCE_END = re.compile(r"[.!?:;\u3002\uff01\uff1f][\"'”\u2019»)\]]*$")


def page_blocks(lines: Sequence[Line]) -> list[PageBlock]:
    """The blocks of a page in reading order: that of the file, but columns one after the other."""
    rows = _merged_rows(_unjustified(lines))
    found: list[PageBlock] = []
    for group, is_grid in grids(rows):
        columns = grid_columns(group) if is_grid else []
        if not is_grid:
            found += _paragraphs(group)
        elif is_prose(group, columns):
            for column in range(len(columns)):
                found += _paragraphs(list(column_lines(group, columns, column)))
        else:
            found.append(table_block(group, columns))
    return found


def _unjustified(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines whose gaps are wide only because they fill the width, as those around them, in one."""
    for at, line in enumerate(lines):
        around = [*lines[max(at - 1, 0) : at], *lines[at + 1 : at + 2]]
        gaps = [two.box[0] - one.box[2] for one, two in pairwise(line.segments)]
        is_even = len(gaps) > 1 and max(gaps) - min(gaps) < 1
        if is_even and any(len(one.segments) == 1 and _same_width(one, line) for one in around):
            text = " ".join(segment.text for segment in line.segments)
            yield Line([LineSegment(text, line.box, line.style)], line.is_broken)
        else:
            yield line


def _same_width(one: Line, other: Line) -> bool:
    return abs(one.box[0] - other.box[0]) < 2 and abs(one.box[2] - other.box[2]) < 2


def _merged_rows(lines: Iterator[Line]) -> list[Line]:
    """Lines that follow each other on one level as one: cells that were drawn one by one."""
    found: list[Line] = []
    for line in lines:
        if found and not found[-1].is_broken and _continues(found[-1], line):
            found[-1] = Line([*found[-1].segments, *line.segments], line.is_broken)
        else:
            found.append(line)
    return found


def _continues(row: Line, line: Line) -> bool:
    last, first = row.segments[-1], line.segments[0]
    if last.style.is_rotated or first.style.is_rotated:
        return False
    is_level = abs(last.middle - first.middle) < 0.35 * max(last.style.size, first.style.size)
    return is_level and first.box[0] >= last.box[2] - 1


def _paragraphs(lines: Sequence[Line]) -> Iterator[PageBlock]:
    """Lines that belong together; a line begins a paragraph where space or form say so."""
    block: PageBlock | None = None
    for line in lines:
        started = _item(line, block)
        if started:
            if block:
                yield block
            block = started
        elif block and _goes_on(block, line):
            block.lines.append(line)
        else:
            if block:
                yield block
            block = PageBlock("paragraph", [line])
    if block:
        yield block


def _item(line: Line, before: PageBlock | None) -> PageBlock | None:
    """A list item, if the line begins with a bullet, or with a number that stands apart or after
    what has ended."""
    if is_item(line):
        return PageBlock("list_item", [Line(line.segments[1:], line.is_broken)],
                         label=line.segments[0].text)  # fmt: skip
    first = line.segments[0]
    bullet = BULLET_FIRST.match(first.text)
    if bullet is None and (before is None or _has_ended(before, line)):
        bullet = NUMBER_FIRST.match(first.text)
    if bullet:
        text = first.text[bullet.end() :]
        rest = LineSegment(text, first.box, first.style)
        return PageBlock("list_item", [Line([rest, *line.segments[1:]], line.is_broken)],
                         label=bullet[1])  # fmt: skip
    return None


def _has_ended(block: PageBlock, line: Line) -> bool:
    is_closed = block.kind == "list_item" or SENTENCE_END.search(block.lines[-1].text)
    return bool(is_closed) or not _goes_on(block, line)


def _goes_on(block: PageBlock, line: Line) -> bool:
    """Whether a line belongs to the block above: by its letters, then by its place."""
    last = block.lines[-1]
    if last.is_broken:
        return True
    if not _is_alike(block, line):
        return False
    if line.style.is_fixed:
        return abs(last.box[1] - line.box[3]) < 2 * line.style.size
    if line.style.is_rotated:
        return True
    if line.box[1] > last.box[3]:  # the top of the next column
        return not SENTENCE_END.search(last.text) and len(last.text) > LETTERS_OF_PROSE
    drop = last.segments[-1].middle - line.segments[0].middle
    return drop < _leading(block) * 1.25 and not _is_indented(block, line)


def _is_alike(block: PageBlock, line: Line) -> bool:
    one, other = block.lines[-1].style, line.style
    if abs(one.size - other.size) > 0.12 * max(one.size, other.size):
        return False
    if one.is_rotated != other.is_rotated:
        return False
    if one.is_fixed != other.is_fixed and (other.is_fixed or block.is_code):
        return False
    if len(block.lines) > 1 or other.is_fixed:
        return True
    is_narrow = _width(block.lines[0]) < SHORT * _width(line) and line.text[:1].isupper()
    return one.is_bold == other.is_bold and not is_narrow


def _width(line: Line) -> float:
    return line.box[2] - line.box[0]


def _leading(block: PageBlock) -> float:
    """How far apart the lines of the block are, or may be."""
    drops = [one.box[1] - two.box[1] for one, two in pairwise(block.lines[-RECENT:])]
    drops = [drop for drop in drops if drop > 0]
    return median(drops) if drops else LEADING / 1.25 * block.style.size


def _is_indented(block: PageBlock, line: Line) -> bool:
    """Whether a line begins further right than those above, as first lines of paragraphs do."""
    left = min(one.box[0] for one in (block.lines[1:][-RECENT:] or block.lines))
    ends = SENTENCE_END.search(block.lines[-1].text) is not None
    return block.kind == "paragraph" and ends and 0.8 * line.style.size < line.box[0] - left


def is_full(lines: Sequence[Line], at: int) -> bool:
    """Whether a line ends where its column does, so that the next follows without a break."""
    line, around = lines[at], lines[max(at - RECENT, 0) : at + RECENT]
    column = [one for one in around if one.box[0] < line.box[2] and line.box[0] < one.box[2]]
    left, right = min(one.box[0] for one in column), max(one.box[2] for one in column)
    return line.box[2] - left > FULL_LINE * (right - left)
