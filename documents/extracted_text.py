"""The input and the output of extraction. Offsets count Unicode code points of `text`.

The text is what a reader of the document would see, without the marks of its format. Blocks and
inline marks beside it say what its parts are. `BLOCKS_VERSION` counts the changes of this model.
"""

from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from documents.errors import Failure

BLOCKS_VERSION = 1

BlockKind = Literal[
    "heading", "paragraph", "list_item", "table", "code", "quote", "caption", "mail_field",
    "header", "footer", "navigation", "note", "comment", "image", "hidden",
]  # fmt: skip
MarkKind = Literal["bold", "italic", "code", "link"]


@dataclass(frozen=True)
class SourceFile:
    """A file to read, with the name and the content type that its sender gave it."""

    path: Path
    name: str
    content_type: str = ""


@dataclass(frozen=True)
class Heading:
    """A title in the text, at `start`; level 1 is the highest."""

    start: int
    level: int
    title: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class TableCell:
    """A cell of a table block, from `start` to `end` in the text; row and column from 0."""

    start: int
    end: int
    row: int
    column: int
    is_header: bool = False


@dataclass(frozen=True)
class Block:
    """A part of the text, `text[start:end]`; blocks stand in order and do not overlap.

    `level` is that of a heading, from 1, or the depth of a list item, from 0. `label` is the
    bullet or number of a list item, the language of code, the name of a mail field, the sheet of a
    table. `page` counts from 1. Only tables have cells. What is navigation, a page's header or
    footer, or hidden is shown apart and indexed in no passage.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    label: str = ""
    page: int | None = None
    cells: list[TableCell] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> "Block":
        return cls(**plain | {"cells": [TableCell(**cell) for cell in plain["cells"]]})


@dataclass(frozen=True)
class InlineMark:
    """How `text[start:end]` is set off inside a block; `target` is the address of a link."""

    kind: MarkKind
    start: int
    end: int
    target: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class ExtractedText:
    """A document's text; `pages` are the offsets at which pages start, empty if unknown.

    `metadata` is what the file states of itself, such as author and tags.
    """

    text: str
    pages: list[int] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    marks: list[InlineMark] = field(default_factory=list)
    metadata: dict[str, str | list[str]] = field(default_factory=dict)
    content_type: str = "text/plain"
    type: str = "txt"
    title: str = ""
    content_date: date | None = None


@dataclass(frozen=True)
class ParsedFile:
    """What became of one file: its text, or why it has none."""

    text: ExtractedText | None = None
    failure: Failure | None = None
