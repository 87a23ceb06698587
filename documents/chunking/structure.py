"""What the blocks of a text say about where it may be cut, and what is not indexed."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from documents.chunking.boundaries import Ints
from documents.extracted_text import Block, ExtractedText

# What stands around a document's subject, or what nobody sees.
AROUND = ("navigation", "header", "footer", "hidden")
COLUMN_SEPARATOR = " | "

Range = tuple[int, int]


@dataclass(frozen=True)
class TableBody:
    """The rows of a table below the `names` of its columns."""

    start: int
    end: int
    names: list[str]


class TextStructure:
    """The parts of a text that stay whole, the tables, and the ranges that are not indexed.

    Items of lists and rows of tables stay whole where they fit into a passage.
    """

    def __init__(self, extracted: ExtractedText) -> None:
        self.text = extracted.text
        self.parts: list[Range] = []
        self.tables: list[TableBody] = []
        for block in extracted.blocks:
            if block.kind == "list_item":
                self.parts.append((block.start, block.end))
            elif block.kind == "table":
                self._add_table(block)
        self.starts: Ints = np.array([start for start, _ in self.parts], dtype=np.int64)
        self.around = _around(extracted)

    def _add_table(self, block: Block) -> None:
        rows: dict[int, list[Range]] = defaultdict(list)
        columns: dict[int, list[str]] = defaultdict(list)
        header_end = block.start
        for cell in block.cells:
            if cell.is_header:
                columns[cell.column].append(self.text[cell.start : cell.end])
                header_end = max(header_end, cell.end)
            else:
                rows[cell.row].append((cell.start, cell.end))
        for cells in rows.values():
            line = self.text.rfind("\n", block.start, cells[0][0]) + 1
            self.parts.append((max(line, block.start), cells[-1][1]))
        if columns and rows and header_end <= self.parts[-len(rows)][0]:  # else each row has them
            names = [" ".join(names) for _, names in sorted(columns.items())]
            self.tables.append(TableBody(header_end, block.end, names))

    def part_around(self, place: int) -> Range | None:
        """The part that has `place` inside, not at its start or end."""
        at = bisect_right(self.parts, (place, -1)) - 1
        if at < 0:
            return None
        start, end = self.parts[at]
        return (start, end) if start < place < end else None

    def table_around(self, place: int) -> TableBody | None:
        """The table of which `place` stands in a row below the names of the columns."""
        at = bisect_right(self.tables, place, key=lambda table: table.start) - 1
        return self.tables[at] if at >= 0 and place < self.tables[at].end else None

    def tables_between(self, start: int, end: int) -> list[TableBody]:
        return [table for table in self.tables if table.start < end and start < table.end]

    def indexed_parts(self, start: int, end: int) -> Iterator[Range]:
        """What is indexed from `start` to `end`."""
        for first, last in self.around[bisect_right(self.around, (start, -1)) :]:
            if first >= end:
                break
            yield start, first
            start = last
        yield start, end


def _around(extracted: ExtractedText) -> Sequence[Range]:
    """The ranges that are not indexed. A text of nothing else is indexed but for what is hidden."""
    ranges = [(b.start, b.end) for b in extracted.blocks if b.kind in AROUND]
    if not ranges or _without(extracted.text, ranges).strip():
        return ranges
    return [(b.start, b.end) for b in extracted.blocks if b.kind == "hidden"]


def _without(text: str, ranges: Sequence[Range]) -> str:
    starts = [0, *(end for _, end in ranges)]
    ends = [*(start for start, _ in ranges), len(text)]
    return "".join(text[start:end] for start, end in zip(starts, ends, strict=True))
