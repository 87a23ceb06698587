"""Where a section is cut into passages."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from documents.chunking.boundaries import PIECE, Ints, TokenOffsets
from documents.chunking.structure import Range, TextStructure

# How full a passage must be to end between paragraphs, before an item or a row, between sentences,
# at the end of a line, between words.
FULL_ENOUGH = (0.5, 0.5, 0.6, 0.6, 0.0)


@dataclass(frozen=True)
class PassageCutter:
    """Cuts a text, of which the tokens and the structure are known."""

    tokens: TokenOffsets
    structure: TextStructure

    def cuts(self, start: int, stop: int, size: int, overlap: int) -> Iterator[Range]:
        """Ranges of at most `size` tokens from `start` to `stop`. Each shares whole sentences of at
        most `overlap` tokens with the one before, and holds more than those."""
        done = start
        while start < stop:
            first = self.tokens.at(start)
            end = self.tokens.place(first + size, stop)
            if end < stop:
                end = self._whole(start, self._best_border(start, end, size), size)
            if end <= start:
                end = min(start + PIECE, stop)
            if end <= done and start < done:  # the part that follows leaves no room for shared ones
                start = done
                continue
            yield start, end
            done = end
            if end >= stop:
                return
            start = self._next_start(start, end, overlap)

    def _best_border(self, start: int, end: int, size: int) -> int:
        """The last boundary of the best kind at which the passage is full enough."""
        first = self.tokens.at(start)
        paragraphs, *others = self.tokens.borders
        borders = (paragraphs, self.structure.starts, *others)
        for positions, share in zip(borders, FULL_ENOUGH, strict=True):
            border = _last(positions, start, end)
            if border and self.tokens.at(border) - first >= share * size:
                return border
        return end

    def _whole(self, start: int, end: int, size: int) -> int:
        """`end`, or the start of the item or row that it would cut although a passage holds it."""
        part = self.structure.part_around(end)
        if not part or part[0] <= start:
            return end
        length = self.tokens.at(part[1]) - self.tokens.at(part[0])
        return part[0] if length <= size else end

    def _next_start(self, start: int, end: int, overlap: int) -> int:
        """The first sentence within `overlap` tokens of `end`, but none in the middle of an item or
        row that ends before."""
        place = self.tokens.place(max(self.tokens.at(end) - overlap, 0), end)
        earliest = max(place, start + 1)
        if overlap <= 0 or earliest >= end:
            return end
        sentences = self.tokens.borders[1]
        first, last = np.searchsorted(sentences, [earliest, end])
        cut = self.structure.part_around(end)
        starts = (int(sentence) for sentence in sentences[first:last])
        return next((s for s in starts if self.structure.part_around(s) in (None, cut)), end)


def _last(positions: Ints, after: int, until: int) -> int | None:
    index = int(np.searchsorted(positions, until, side="right")) - 1
    return int(positions[index]) if index >= 0 and positions[index] > after else None
