"""Blocks of pages as one text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from documents.extraction.readers.pdf.headings import HeadingLevels
from documents.extraction.readers.pdf.hyphenation import Hyphenation
from documents.extraction.readers.pdf.layout import is_full
from documents.extraction.readers.pdf.margins import PageLines
from documents.extraction.readers.pdf.page_block import PageBlock
from documents.extraction.readers.pdf.segments import Line
from documents.extraction.text_builder import TextBuilder

DEEPEST = 100
# Scripts that are written without spaces.
UNSPACED = re.compile(
    r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"
)


@dataclass
class PageComposer:
    """Appends pages to `builder`."""

    builder: TextBuilder
    levels: HeadingLevels
    hyphenation: Hyphenation

    def page(self, content: PageLines, blocks: Sequence[PageBlock]) -> None:
        self.builder.page(content.number)
        self.builder.block("header", "\n".join(line.text for line in content.header))
        for block in blocks:
            self._block(block, content.number)
        self.builder.block("footer", "\n".join(line.text for line in content.footer))

    def paragraphs(self, text: str) -> None:
        for paragraph in re.split(r"\n\s*\n", text):
            self.builder.block("paragraph", paragraph)

    def _block(self, block: PageBlock, page: int) -> None:
        if block.kind == "table":
            self.builder.table(block.rows, header_rows=block.header_rows)
            return
        if block.is_code:
            self.builder.block("code", _code(block.lines))
            return
        text = self._text(block.lines)
        level = self.levels.level(block, page)
        if level:
            self.builder.block("heading", f"{block.label} {text}".strip(), level=level)
        elif block.kind == "list_item":
            self.builder.block("list_item", text, level=block.level, label=block.label)
        else:
            self.builder.block("paragraph", text)

    def _text(self, lines: Sequence[Line]) -> str:
        """Lines as one text: a line that fills the width goes on, others end as they were meant."""
        text = lines[0].text
        for at, (line, following) in enumerate(pairwise(lines)):
            if line.is_broken:
                text = self.hyphenation.joined(text, following.text)
            elif UNSPACED.match(text[-1:]) and UNSPACED.match(following.text):
                text += following.text
            else:
                text += (" " if is_full(lines, at) else "\n") + following.text
        return text + "-" if lines[-1].is_broken else text


def _code(lines: Sequence[Line]) -> str:
    """Lines of code with their indentation, which a PDF keeps as places only."""
    left = min(line.box[0] for line in lines)
    widths = [(line.box[2] - line.box[0]) / max(len(line.text), 1) for line in lines]
    width = median(widths) or 1.0
    depths = (min(round((line.box[0] - left) / width), DEEPEST) for line in lines)
    return "\n".join(" " * depth + line.text for depth, line in zip(depths, lines, strict=True))
