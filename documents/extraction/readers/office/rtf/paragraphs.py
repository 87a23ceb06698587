"""Paragraphs, rows and notes of rich text as they end."""

import re
from dataclasses import dataclass, field, replace

from documents.extracted_text import BlockKind, MarkKind
from documents.extraction.readers.office.header_rows import append_rows
from documents.extraction.readers.office.list_numbers import BULLET
from documents.extraction.readers.office.style_names import (
    heading_level,
    is_title_style,
    kind_by_style,
)
from documents.extraction.text_builder import Span, TextBuilder

BODY_LEVEL = 9
LONGEST_HEADING = 250
WORDED = re.compile(r"\w")
SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


@dataclass(frozen=True)
class ParagraphSettings:
    """What is set of a paragraph: its style, its level in an outline, its list and depth."""

    style: int = 0
    outline: int = BODY_LEVEL
    is_listed: bool = False
    depth: int = 0
    in_table: bool = False

    def changed(self, word: str, number: int | None) -> "ParagraphSettings":
        value = number or 0
        if word == "s":
            return replace(self, style=value)
        if word == "outlinelevel":
            return replace(self, outline=value)
        if word == "ls":
            return replace(self, is_listed=value > 0)
        if word == "ilvl":
            return replace(self, depth=min(max(value, 0), BODY_LEVEL))
        return replace(self, in_table=number != 0) if word == "intbl" else self


@dataclass
class _Flow:
    """Text of one kind as it grows: the body, or one note."""

    kind: BlockKind | None = None
    spans: list[Span] = field(default_factory=list)
    hidden: str = ""
    lines: list[str] = field(default_factory=list)
    cell: list[str] = field(default_factory=list)
    row: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    anchored: list[tuple[BlockKind, str, str]] = field(default_factory=list)


class RtfParagraphs:
    """Takes words and the ends of paragraphs, cells and rows, and builds the text."""

    def __init__(self) -> None:
        self.builder = TextBuilder()
        self.flow = _Flow()
        self.outer: list[_Flow] = []
        self.repeated: dict[str, BlockKind] = {}
        self.styles: dict[int, str] = {}
        self.label = ""

    def name_style(self, number: int, name: str) -> None:
        self.styles[number] = name.strip().rstrip(";")

    def add(self, text: str, kinds: tuple[MarkKind, ...], target: str, *, is_hidden: bool) -> None:
        if is_hidden:
            self.flow.hidden += text
            return
        last = self.flow.spans[-1] if self.flow.spans else None
        if last is not None and (last.kinds, last.target) == (kinds, target):
            self.flow.spans[-1] = Span(last.text + text, kinds, target)
        else:
            self.flow.spans.append(Span(text, kinds, target))

    def end(self, settings: ParagraphSettings) -> None:
        """A paragraph ends."""
        flow = self.flow
        spans = [replace(one, text=_joined(one.text)) for one in flow.spans]
        flow.spans, label, self.label = [], self.label, ""
        text = "".join(one.text for one in spans)
        if flow.kind:
            flow.lines.append(text)
        elif settings.in_table or flow.row:
            flow.cell.append(text)
        else:
            self._end_table()
            self._append(spans, text, settings, label)
            self._append_anchored()

    def end_cell(self, settings: ParagraphSettings) -> None:
        self.end(replace(settings, in_table=True))
        if self.flow.kind is None:
            self.flow.row.append(" ".join(self.flow.cell))
            self.flow.cell = []

    def end_row(self) -> None:
        if self.flow.row:
            self.flow.rows.append(self.flow.row)
        self.flow.row = []

    def enter(self, kind: str) -> None:
        """A note, or what pages repeat, begins within the paragraph."""
        self.outer.append(self.flow)
        kinds: dict[str, BlockKind] = {
            "note": "note", "comment": "comment", "header": "header", "footer": "footer",
        }  # fmt: skip
        self.flow = _Flow(kinds[kind])

    def leave(self, label: str) -> None:
        self.end(ParagraphSettings())
        if not self.outer:
            return
        left, self.flow = self.flow, self.outer.pop()
        text = "\n".join(line for line in left.lines if line.strip())
        if left.kind in ("header", "footer"):
            self.repeated.setdefault(text, left.kind)
        elif left.kind:
            self.flow.anchored.append((left.kind, text, label))

    def finish(self) -> None:
        """All notes, cells and paragraphs end, and what pages repeat follows them."""
        while self.outer:
            self.leave("")
        if self.flow.cell:
            self.end_cell(ParagraphSettings())
        self.end_row()
        self.end(ParagraphSettings())
        for text, kind in self.repeated.items():
            if WORDED.search(text):
                self.builder.block(kind, text)

    def _append(
        self, spans: list[Span], text: str, settings: ParagraphSettings, label: str
    ) -> None:
        name = self.styles.get(settings.style, "")
        level = settings.outline + 1 if settings.outline < BODY_LEVEL else heading_level(name)
        level = level or int(is_title_style(name))
        kind = kind_by_style(name)
        if level and len(text) <= LONGEST_HEADING:
            self.builder.block("heading", spans, level=level)
        elif kind:
            self.builder.block(kind, spans)
        elif settings.is_listed or label:
            label = label if WORDED.search(label) else BULLET
            self.builder.block("list_item", spans, level=settings.depth, label=label)
        else:
            self.builder.block("paragraph", spans)

    def _append_anchored(self) -> None:
        self.builder.block("hidden", _joined(self.flow.hidden))
        self.flow.hidden = ""
        for kind, text, label in self.flow.anchored:
            self.builder.block(kind, text, label=label)
        self.flow.anchored = []

    def _end_table(self) -> None:
        rows, self.flow.rows = self.flow.rows, []
        if not rows:
            return
        append_rows(self.builder, rows)
        self._append_anchored()


def _joined(text: str) -> str:
    """The text with the halves of characters that RTF writes apart joined."""
    return SURROGATES.sub(
        lambda match: match[0].encode("utf-16", "surrogatepass").decode("utf-16"), text
    )
