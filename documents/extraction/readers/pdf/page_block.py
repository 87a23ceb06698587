"""A block of a page before its place in the document is known."""

import re
from dataclasses import dataclass, field

from documents.extraction.readers.pdf.segments import FontStyle, Line

BULLET = re.compile(r"^([•◦▪▫■□●○‣\u2043∙·\u2013—*-]|\(?\d{1,2}[.)]|\(?[a-z][.)])$")


@dataclass
class PageBlock:
    """A paragraph, list item or table of a page; headings are told from paragraphs later.

    `lines` are those of a paragraph, `rows` the cells of a table.
    """

    kind: str
    lines: list[Line] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    header_rows: int = 0
    label: str = ""
    level: int = 0

    @property
    def style(self) -> FontStyle:
        return max(self.lines, key=lambda line: len(line.text)).style

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def is_code(self) -> bool:
        """Several lines of letters that are all equally wide."""
        is_fixed = all(line.style.is_fixed for line in self.lines)
        return self.kind == "paragraph" and len(self.lines) > 1 and is_fixed


def is_item(row: Line) -> bool:
    """Whether a row is a bullet or number and what it stands before."""
    return len(row.segments) == 2 and bool(BULLET.match(row.segments[0].text))
