"""The tree of a web page as blocks, in the order in which they are read."""

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from documents.extraction.readers.web.boilerplate import (
    Attributes,
    is_hidden,
    part_of_page,
)
from documents.extraction.readers.web.html_context import Context, block_context, marked
from documents.extraction.readers.web.html_elements import (
    INLINE,
    MARKS,
    SKIPPED,
)
from documents.extraction.readers.web.html_table import Row, add_table, cell_spans, data_rows
from documents.extraction.readers.web.inline_text import InlineText, link_target
from documents.extraction.text_builder import TextBuilder

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

ANCHOR_SIGNS = ("#", "¶", "§", "🔗", "⚓", "\u200b", "")
# With more text than this it is no request to allow scripts.
LONGEST_SUBSTITUTE = 300
DROP_CAP = re.compile(r"drop-?cap|dropped|lettrine|(^|[\s_-])initial([\s_-]|$)", re.I)


@dataclass
class HtmlBlocks:
    """Appends the blocks of nodes to `builder`. A `plain` page has no style sheets."""

    builder: TextBuilder
    plain: bool = False
    inline: InlineText = field(default_factory=InlineText)
    context: Context = field(default_factory=Context)
    unseen: list[str] = field(default_factory=list)
    initial: bool = False

    def add(self, root: "LexborNode") -> None:
        """Append what `root` holds. The tree may be deep, so nothing here recurses."""
        stack: list[tuple[LexborNode | None, Context]] = [(root, Context())]
        while stack:
            node, context = stack.pop()
            if node is None:
                self._flush()
                continue
            tag = node.tag or ""
            if tag == "-text":
                self._text(node.text_content or "", context)
                continue
            if tag in SKIPPED:
                continue
            inner = self._enter(node, tag, node.attributes, context)
            if inner is None:
                continue
            if tag not in INLINE or inner.part != context.part:
                self._flush()
                stack.append((None, inner))
            child = node.last_child
            while child is not None:
                stack.append((child, inner))
                child = child.prev
        self.initial = False
        self._flush()

    def _text(self, text: str, context: Context) -> None:
        if not self.inline:
            self.context = context
        if context.pre:
            self.inline.add_raw(text, context.marks, context.target)
            return
        if self.initial and self.inline and text.strip():
            self.initial = False
            text = text.lstrip() if text.lstrip()[:1].islower() else text
        self.inline.add(text, context.marks, context.target)

    def _enter(
        self, node: "LexborNode", tag: str, attributes: Attributes, context: Context
    ) -> Context | None:
        """The context of the node's children, or None if all of the node has been done."""
        if tag in ("br", "wbr", "img"):
            self._leaf(tag, attributes, context)
            return None
        placed = self._placed(node, tag, attributes, context)
        if placed is None or placed.part != context.part:
            return placed
        if DROP_CAP.search(attributes.get("class") or ""):
            self.initial = len(node.text(strip=True)) == 1
        if tag == "table" and (rows := data_rows(node)):
            self._table(node, rows, context)
            return None
        if tag in INLINE:
            return self._inline(node, tag, attributes, context)
        return block_context(tag, attributes, context)

    def _leaf(self, tag: str, attributes: Attributes, context: Context) -> None:
        if tag == "img":
            self._image(attributes.get("alt") or "", context)
        elif tag == "wbr":
            self.inline.joined = True
        elif context.pre:
            self.inline.add_raw("\n")
        elif not self.inline.line_break():
            self._flush()

    def _placed(
        self, node: "LexborNode", tag: str, attributes: Attributes, context: Context
    ) -> Context | None:
        """The context with the part of the page that the node begins, if it does; None for what
        stands in for scripts, and for a hidden part of a sentence, which is kept for its end."""
        if tag == "noscript" and len(node.text(strip=True)) < LONGEST_SUBSTITUTE:
            return None
        if context.part == "hidden":
            return context
        if is_hidden(attributes, plain=self.plain):
            if tag not in INLINE:
                return replace(context, part="hidden")
            self.unseen.append(node.text(separator=" "))
            return None
        part = context.part or part_of_page(node, tag, attributes, inside=context.inside)
        return context if part == context.part else replace(context, part=part)

    def _inline(
        self, node: "LexborNode", tag: str, attributes: Attributes, context: Context
    ) -> Context | None:
        if tag == "svg" and not node.css_first("text"):
            return None
        if tag == "span" and "katex-html" in (attributes.get("class") or ""):
            return None  # the same formula again
        if tag == "a":
            href = attributes.get("href") or ""
            own = node.text(strip=True)
            if context.kind == "heading" and href.startswith("#") and own in ANCHOR_SIGNS:
                return None
            target = link_target(href)
            if not target:
                return context
            last = self.inline.spans[-1] if self.inline.spans else None
            if last and last.target and last.target != target:
                self.inline.space()
            return marked(replace(context, target=target), "link")
        if tag == "sup" and node.css_first("a[href]"):
            self.inline.space()  # a reference, not an exponent
        mark = MARKS.get(tag)
        return marked(context, mark) if mark and not context.pre else context

    def _image(self, alternative: str, context: Context) -> None:
        """The alternative text of a picture: a block of its own, or a part of the sentence."""
        text = " ".join(alternative.split())
        is_letter = len(text) == 1 and text.isalpha()
        if is_letter or self.inline:
            self.initial = is_letter
            self._text(text if is_letter else f" {text} ", context)
        elif text:
            self._flush()
            self._text(text, replace(context, kind="image", marks=(), target=""))
            self._flush()

    def _table(self, node: "LexborNode", rows: list[Row], context: Context) -> None:
        self._flush()
        caption = node.css_first("caption")
        if caption is not None:
            spans = cell_spans(caption, self.unseen)
            self.builder.block(context.part or "caption", spans)
        add_table(self.builder, node, rows, context.part)

    def _flush(self) -> None:
        """End the block that was begun."""
        if self.initial and len(self.inline.text.strip()) == 1:
            return  # a drop capital begins the next block
        context, spans = self.context, self.inline.take()
        if any(span.text.strip() for span in spans):
            label = context.label
            if context.item:
                label, context.item.label = context.item.label, ""
            if context.part:
                self.builder.block(context.part, spans)
            else:
                self.builder.block(context.kind, spans, level=context.level, label=label)
        hidden, self.unseen = self.unseen, []
        for text in hidden:
            self.builder.block("hidden", " ".join(text.split()))
