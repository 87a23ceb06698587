"""Markdown: what a page made of it shows, in blocks; its front matter is metadata."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from documents.extracted_text import BlockKind, ExtractedText, MarkKind
from documents.extraction.readers.web.front_matter import split_front_matter
from documents.extraction.readers.web.inline_text import InlineText, link_target
from documents.extraction.readers.web.page import add_fragment
from documents.extraction.text_builder import Span, TextBuilder
from documents.extraction.text_encoding import clean_text, decode_text

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

    from documents.extraction.formats import Format

MARKS: dict[str, MarkKind] = {"strong_open": "bold", "em_open": "italic"}
MOST_DEPTH = 30
HEADING_ID = re.compile(r"\s*\{:?\s*[#.][^{}]*\}\s*$")


def read_markdown(path: Path, file_format: "Format") -> ExtractedText:
    """The title is that of the front matter, else the first heading of the highest level."""
    front, text = split_front_matter(decode_text(path.read_bytes()))
    builder = TextBuilder()
    add_markdown(builder, text)
    found = builder.extracted()
    top = min((heading.level for heading in found.headings), default=0)
    first = found.headings[0] if found.headings else None
    own = first.title if first and first.level == top else ""
    return replace(found, title=front.title or own, metadata=front.metadata, content_date=front.day)


def add_markdown(builder: TextBuilder, text: str) -> None:
    """Append the blocks of a text in Markdown."""
    _Blocks(builder).add(_parser().parse(clean_text(text)))


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark", {"maxNesting": 40}).enable(["table", "strikethrough"])
    return parser.use(footnote_plugin).use(deflist_plugin)


@dataclass
class _Blocks:
    """Appends the blocks of a stream of tokens."""

    builder: TextBuilder
    counts: list[int | None] = field(default_factory=list)
    label: str = ""
    outer: list[BlockKind] = field(default_factory=list)

    def add(self, tokens: Sequence["Token"]) -> None:
        """Each token on the outermost level begins, ends or is a block."""
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if token.type == "table_open":
                at = self._table(tokens, at)
            elif token.type == "inline":
                self._inline(token, tokens[at - 1])
            elif token.type in ("fence", "code_block"):
                info = token.info.strip().split()
                self.builder.block("code", token.content, label=info[0][:50] if info else "")
            elif token.type == "html_block":
                add_fragment(self.builder, token.content)
            else:
                self._border(token)
            at += 1

    def _border(self, token: "Token") -> None:
        """The beginning or the end of what holds blocks."""
        kind = token.type
        if kind in ("bullet_list_open", "dl_open"):
            self.counts.append(None)
        elif kind == "ordered_list_open":
            start = token.attrGet("start")
            self.counts.append(int(start) if start is not None else 1)
        elif kind in ("bullet_list_close", "ordered_list_close", "dl_close"):
            self.counts.pop()
        elif kind == "list_item_open":
            self.label = self._next_label()
            self.outer.append("list_item")
        elif kind in ("dt_open", "dd_open"):
            self.outer.append("list_item")
        elif kind == "blockquote_open":
            self.outer.append("quote")
        elif kind == "footnote_open":
            self.outer.append("note")
        elif kind.endswith(("list_item_close", "dt_close", "dd_close", "blockquote_close")) or (
            kind == "footnote_close"
        ):
            self.outer.pop()

    def _next_label(self) -> str:
        number = self.counts[-1]
        if number is None:
            return "•"
        self.counts[-1] = number + 1
        return f"{number}."

    def _inline(self, token: "Token", opening: "Token") -> None:
        spans = inline_spans(token.children or ())
        if opening.type == "heading_open":
            if spans:
                spans[-1] = replace(spans[-1], text=HEADING_ID.sub("", spans[-1].text))
            self.builder.block("heading", spans, level=int(opening.tag[1]))
            return
        kind = self.outer[-1] if self.outer else "paragraph"
        level = min(max(len(self.counts) - 1, 0), MOST_DEPTH) if kind == "list_item" else 0
        level += opening.type == "dd_open"
        label, self.label = self.label, ""
        if len(spans) == 1 and (token.children or [token])[0].type == "image":
            kind = "image"
        self.builder.block(kind, spans, level=level, label=label if kind == "list_item" else "")

    def _table(self, tokens: Sequence["Token"], at: int) -> int:
        """Append a table; returns the place of its last token."""
        rows: list[list[str]] = []
        while tokens[at].type != "table_close":
            if tokens[at].type == "tr_open":
                rows.append([])
            elif tokens[at].type == "inline":
                spans = inline_spans(tokens[at].children or ())
                rows[-1].append("".join(span.text for span in spans))
            at += 1
        self.builder.table(rows, header_rows=1)
        return at


def inline_spans(tokens: Sequence["Token"]) -> list[Span]:
    """The text of a block without its marks. HTML in it is left out, but for line ends."""
    inline = InlineText()
    kinds: list[MarkKind] = []
    target = ""
    for token in tokens:
        kind = token.type
        if kind == "text":
            inline.joined = True
            inline.add(token.content, tuple(kinds), target)
        elif kind == "code_inline":
            inline.add_raw(token.content, (*kinds, "code"), target)
        elif kind == "softbreak":
            inline.add(" ", tuple(kinds), target)
        elif kind == "hardbreak" or (kind == "html_inline" and token.content[:3].lower() == "<br"):
            inline.line_break()
        elif kind == "image":
            inline.add_raw(token.content, tuple(kinds), target)
        elif kind in MARKS:
            kinds.append(MARKS[kind])
        elif kind == "link_open":
            target = link_target(str(token.attrGet("href") or ""))
            kinds += ["link"] if target else []
        elif kind in ("strong_close", "em_close") or (kind == "link_close" and target):
            kinds.pop()
            target = "" if kind == "link_close" else target
        elif kind == "footnote_ref":
            inline.add_raw(f" [{token.meta.get('label') or token.meta['id'] + 1}]")
    return inline.take()
