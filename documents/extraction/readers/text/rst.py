"""reStructuredText, as docutils and Sphinx read it; unknown directives keep their text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from documents.extracted_text import BlockKind, ExtractedText
from documents.extraction.readers.text.inline_markup import InlineMarkup, Markup
from documents.extraction.readers.text.rst_table import row_cells
from documents.extraction.text_builder import Span, TextBuilder
from documents.extraction.text_encoding import clean_text, decode_text

if TYPE_CHECKING:
    from documents.extraction.formats import Format

INLINE = InlineMarkup(
    (
        Markup(r"``(?P<text>.+?)``", "code", is_nested=False),
        Markup(r"\*\*(?P<text>\S(?:(?:(?!\*\*).)*?\S)?)\*\*", "bold"),
        Markup(r"(?<![\w*])\*(?P<text>[^\s*](?:[^*]*[^\s*])?)\*(?!\w)", "italic"),
        Markup(r"(?::[\w:+.-]+:)?`(?P<text>[^`<>]+?)\s*<(?P<target>[^`<>]+)>`_{0,2}", "link"),
        Markup(r":[\w:+.-]+:`~(?:[\w.]*\.)?(?P<text>[^`<>]+)`", "code", is_nested=False),
        Markup(r":[\w:+.-]+:`!?(?P<text>[^`]+)`", "code", is_nested=False),
        Markup(r"`(?P<text>[^`]+)`(?::[\w:+.-]+:|_{0,2})", is_nested=False),
        Markup(r"(?<!\w)\|(?P<text>[^\s|](?:[^|\n]*[^\s|])?)\|_{0,2}", is_nested=False),
        Markup(r"(?P<text>\[[\w#*.-]+\])_(?!\w)", is_nested=False),
        Markup(r"(?<=\w)_{1,2}(?![\w_])"),
        Markup(r"\\\s"),
        Markup(r"\\(?P<text>\S)"),
    )
)
ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1+\s*$")
DIRECTIVE = re.compile(r"\.\. (?:\|[^|]+\| )?([\w:+.-]+)::\s*(.*)")
FOOTNOTE = re.compile(r"\.\. \[([^\]]+)\]\s*(.*)")
ITEM = re.compile(r"([-*+•]|(?:\d{1,4}|#|[a-zA-Z])[.)]|\((?:\d{1,4}|[a-zA-Z])\))(\s+)(?=\S)")
FIELD = re.compile(r":([^:\s][^:]*):(?:\s+(.*)|$)")
OPTION = re.compile(r"\s*:[\w-]+:(\s|$)")
CODE = (
    "code-block", "code", "sourcecode", "parsed-literal", "literal", "math", "prompt", "doctest",
    "testcode", "testoutput", "ipython", "raw", "graphviz", "mermaid", "productionlist",
)  # fmt: skip
UNSHOWN = (
    "contents", "include", "highlight", "index", "currentmodule", "module", "role", "default-role",
    "meta", "literalinclude", "sectnum", "tabularcolumns", "replace", "py:module",
    "py:currentmodule",
)  # fmt: skip
MOST_DEPTH = 20


def read_rst(path: Path, file_format: "Format") -> ExtractedText:
    """The title is the first heading."""
    builder = TextBuilder()
    text = clean_text(decode_text(path.read_bytes())).expandtabs(8)
    _Lines(builder).add(text.split("\n"))
    found = builder.extracted()
    return replace(found, title=found.headings[0].title if found.headings else "")


@dataclass
class _Lines:
    """Appends the blocks of lines. `styles` are the adornments of headings, by level."""

    builder: TextBuilder
    styles: list[tuple[str, bool]] = field(default_factory=list)
    kind: BlockKind = "paragraph"
    level: int = 0
    label: str = ""

    def add(self, lines: Sequence[str], depth: int = 0) -> None:
        """Append the blocks of lines that are indented alike."""
        at = 0
        while at < len(lines):
            if not lines[at].strip():
                at += 1
            elif depth >= MOST_DEPTH:
                self._text(lines[at])
                at += 1
            else:
                at = self._block(lines, at, depth)

    def _block(self, lines: Sequence[str], at: int, depth: int) -> int:
        """Append the block that begins at a line; returns the line after it."""
        line = lines[at]
        if line.startswith(".. ") or line.strip() == "..":
            return self._explicit(lines, at, depth)
        if after := self._heading(lines, at) or self._table(lines, at):
            return after
        if line.startswith(" "):
            end = _indented(lines, at, 1)
            _Lines(self.builder, self.styles, "quote").add(_dedented(lines[at:end]), depth + 1)
            return end
        if item := ITEM.match(line):
            return self._item(lines, at, item, depth)
        if ADORNMENT.match(line) and len(line.strip()) >= 4:
            return at + 1
        return self._paragraph(lines, at, depth)

    def _heading(self, lines: Sequence[str], at: int) -> int | None:
        over = ADORNMENT.match(lines[at])
        title = at + 1 if over else at
        if title + 1 >= len(lines) or not lines[title].strip():
            return None
        under = ADORNMENT.match(lines[title + 1])
        long = under and len(under[0].strip()) >= min(len(lines[title].strip()), 4)
        if not under or not long or (over and over[1] != under[1]) or ADORNMENT.match(lines[title]):
            return None
        style = (under[1], bool(over))
        if style not in self.styles:
            self.styles.append(style)
        self.builder.block("heading", _spans(lines[title]), level=self.styles.index(style) + 1)
        return title + 2

    def _table(self, lines: Sequence[str], at: int) -> int | None:
        found = row_cells(lines, at)
        if found is None:
            return None
        rows, header_rows, after = found
        self.builder.table([[_plain(c) for c in r] for r in rows], header_rows=header_rows)
        return after

    def _explicit(self, lines: Sequence[str], at: int, depth: int) -> int:
        """A directive, footnote, target or comment, with the indented lines below."""
        end = _indented(lines, at + 1, 1)
        body = _dedented(lines[at + 1 : end])
        if note := FOOTNOTE.match(lines[at]):
            _Lines(self.builder, self.styles, "note").add([note[2], *body], depth + 1)
        directive = DIRECTIVE.match(lines[at])
        if not directive or directive[1] in UNSHOWN:
            return end
        name, argument = directive[1], directive[2]
        options = [line for line in body[: _first_blank(body)] if OPTION.match(line)]
        body = [line for n, line in enumerate(body) if n >= len(options) or not OPTION.match(line)]
        if name in CODE:
            lead = [argument] if name in ("math", "parsed-literal") else []
            label = argument[:50] if not lead else ""
            self.builder.block("code", "\n".join([*lead, *body]).strip("\n"), label=label)
        elif name == "toctree":
            self.builder.block("navigation", "\n".join(filter(str.strip, body)))
        elif name in ("image", "figure"):
            alternatives = (o.strip()[5:].strip() for o in options if o.strip().startswith(":alt:"))
            self.builder.block("image", next(alternatives, ""))
            _Lines(self.builder, self.styles, "caption").add(body, depth + 1)
        else:
            inner = _Lines(self.builder, self.styles, self.kind, self.level)
            inner.add([argument, "", *body], depth + 1)
        return end

    def _item(self, lines: Sequence[str], at: int, item: re.Match[str], depth: int) -> int:
        width = item.end()
        end = _indented(lines, at + 1, min(width, 2))
        body = [lines[at][width:], *_dedented(lines[at + 1 : end])]
        label = "•" if item[1] in "-*+•" else item[1]
        level = self.level + 1 if self.kind == "list_item" else 0
        _Lines(self.builder, self.styles, "list_item", level, label).add(body, depth + 1)
        return end

    def _paragraph(self, lines: Sequence[str], at: int, depth: int) -> int:
        """Lines up to an empty one; a term with what is indented below; a literal block."""
        end = at
        while end < len(lines) and lines[end].strip() and (end == at or lines[end][0] != " "):
            if end > at and (lines[end].startswith(".. ") or ITEM.match(lines[end])):
                break
            end += 1
        if lines[at].startswith(">>>"):
            self.builder.block("code", "\n".join(lines[at:end]))
            return end
        text = "\n".join(lines[at:end])
        if text.startswith("| "):
            text = re.sub(r"(?m)^\| ?", "", text)
        elif FIELD.match(text):
            text = "\n".join(re.sub(r"^:([^:]+):", r"\1:", line) for line in lines[at:end])
        else:
            text = text.replace("\n", " ")
        if text.rstrip().endswith("::"):
            self._text(re.sub(r"(^|\s+)::\s*$|(?<=:):\s*$", "", text))
            start = end
            end = _indented(lines, start, 1)
            self.builder.block("code", "\n".join(_dedented(lines[start:end])).strip("\n"))
            return end
        if end < len(lines) and lines[end].startswith(" "):  # a term, and what it means
            kept = (self.kind, self.level)
            self.kind = "list_item"
            self._text(text)
            self.kind, self.level = kept
            start, end = end, _indented(lines, end, 1)
            inner = _Lines(self.builder, self.styles, "list_item", self.level + 1)
            inner.add(_dedented(lines[start:end]), depth + 1)
            return end
        self._text(text)
        return end

    def _text(self, text: str) -> None:
        label, self.label = self.label, ""
        self.builder.block(self.kind, _spans(text), level=self.level, label=label)


def _spans(text: str) -> list[Span]:
    return INLINE.spans(text.strip())


def _plain(text: str) -> str:
    return "".join(span.text for span in INLINE.spans(text))


def _indented(lines: Sequence[str], at: int, least: int) -> int:
    """The first line from `at` on with less indentation; empty lines before it are not passed."""
    end = at
    for number in range(at, len(lines)):
        line = lines[number]
        if line.strip():
            if len(line) - len(line.lstrip(" ")) < least:
                break
            end = number + 1
    return end


def _dedented(lines: Sequence[str]) -> list[str]:
    margins = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip()]
    return [line[min(margins, default=0) :] for line in lines]


def _first_blank(lines: Sequence[str]) -> int:
    return next((n for n, line in enumerate(lines) if not line.strip()), len(lines))
