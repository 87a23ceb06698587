"""Which lines of a PDF are headings: those that its outline names, and those set off by size."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from documents.extraction.readers.pdf.page_block import PageBlock

LARGER = 1.12
LONGEST, MOST_LINES = 200, 3
MOST_LEVELS = 6

LETTERS = re.compile(r"[^\W_]")
# A number and capitals alone, as journals set their headings.
NUMBERED = re.compile(r"^(?:\d+(?:\.\d+)*|[IVX]+)\.?\s(?=.*[A-Z]{4})[^a-z]{4,100}$")
CLOSED = re.compile(r"[.,;:!]$")


@dataclass(frozen=True)
class OutlineEntry:
    """An entry of the file's own outline; `level` from 1, `page` from 1."""

    level: int
    title: str
    page: int


class HeadingLevels:
    """The levels of headings by a document's outline, and by the sizes of its letters."""

    def __init__(self, blocks: Iterable[PageBlock], outline: Sequence[OutlineEntry]) -> None:
        blocks = [block for block in blocks if block.kind == "paragraph"]
        sizes: Counter[float] = Counter()
        for block in blocks:
            sizes[block.style.size] += len(block.text)
        self.body = max(sizes, key=lambda size: sizes[size], default=0.0)
        self.entries: dict[int, dict[str, int]] = defaultdict(dict)
        for entry in outline:
            self.entries[entry.page].setdefault(_letters(entry.title), entry.level)
        self.deepest = max((entry.level for entry in outline), default=0)
        larger = {block.style.size for block in blocks if self._is_larger(block)}
        self.ranks = {size: n for n, size in enumerate(sorted(larger, reverse=True), 1)}

    def level(self, block: PageBlock, page: int) -> int:
        """The level of a heading, or 0 for what is none."""
        if block.kind not in ("paragraph", "list_item") or len(block.text) > LONGEST:
            return 0
        named = self.entries.get(page, {})
        for text in (block.text, f"{block.label} {block.text}"):
            if (level := named.get(_letters(text))) is not None:
                return min(level, MOST_LEVELS)
        if block.kind == "list_item" and not block.label[:1].isdigit():
            return 0
        rank = self.ranks.get(block.style.size, 0) if self._is_larger(block) else 0
        if not rank and (self._is_bold_line(block) or NUMBERED.match(block.text)):
            rank = len(self.ranks) + 1
        if rank and self.deepest:
            return min(self.deepest + 1, MOST_LEVELS)
        return min(rank, MOST_LEVELS)

    def _is_larger(self, block: PageBlock) -> bool:
        return (
            block.style.size >= LARGER * self.body
            and len(block.lines) <= MOST_LINES
            and len(block.text) <= LONGEST
            and not block.style.is_rotated
            and len(LETTERS.findall(block.text)) > 1
        )

    def _is_bold_line(self, block: PageBlock) -> bool:
        """A line of its own in bold letters, not a sentence."""
        return (
            len(block.lines) == 1
            and all(one.style.is_bold for one in block.lines[0].segments)
            and block.style.size >= 0.98 * self.body
            and len(block.text) <= LONGEST / 2
            and not CLOSED.search(block.text)
            and len(LETTERS.findall(block.text)) > 2
        )


def _letters(text: str) -> str:
    return "".join(LETTERS.findall(text)).lower()
