"""kreuzberg's document structure as one text with its headings and pages."""

import html
import re
from typing import Any

from documents.extracted_text import Heading
from documents.extraction.text_encoding import clean_text

# Stands alone in a node where a slide starts; private-use characters, so no text holds it.
MARKER = "\uf8feP{page_num}\uf8ff"
MARKED = re.compile("\uf8feP(\\d+)\uf8ff")
SEPARATOR = "\n\n"


class NodeComposer:
    """Joins nodes in reading order into `text`, `headings` and `pages`."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.headings: list[Heading] = []
        self.pages: list[int] = []

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def node(self, node: dict[str, Any]) -> None:
        content = node["content"]
        if marked := MARKED.fullmatch((content.get("text") or "").strip()):
            self.page(int(marked[1]))
            return
        self.page(node.get("page") or 0)
        text = clean_text(MARKED.sub("", _words(content))).strip("\n ")
        if not text.strip():
            return
        if content["node_type"] in ("heading", "title"):
            text = " ".join(text.split())
            self.heading(int(content.get("level") or 1), text)
        self.add(text)

    def heading(self, level: int, title: str) -> None:
        self.headings.append(Heading(self._next(), level, title[:500]))

    def attach(self, name: str, other: "NodeComposer") -> None:
        """Append another document's text, if any, under a heading; its pages are dropped."""
        if not other.text.strip():
            return
        self.heading(1, name)
        self.add(name)
        start = self._next()
        self.headings += [Heading(start + h.start, h.level + 1, h.title) for h in other.headings]
        self.add(other.text)

    def page(self, number: int) -> None:
        """Start page `number`, from 1. An empty page starts where the next one does."""
        while len(self.pages) < number:
            self.pages.append(self._next())

    def add(self, text: str) -> None:
        if self.parts:
            self.parts.append(SEPARATOR)
        self.parts.append(text)
        self.length = self._next_after(text)

    def _next(self) -> int:
        return self.length + len(SEPARATOR) if self.parts else 0

    def _next_after(self, text: str) -> int:
        return self.length + len(text) + (len(SEPARATOR) if len(self.parts) > 1 else 0)


def _words(content: dict[str, Any]) -> str:
    """The text of one node; groups and lists have none of their own."""
    kind = content["node_type"]
    if kind == "table":
        return _rows(content["grid"])
    if kind == "metadata_block":
        return "\n".join(f"{name}: {value}" for name, value in content["entries"])
    if kind in ("group", "image", "page_break", "slide"):
        return ""
    text = content.get("text") or content.get("content") or ""
    return html.unescape(text) if isinstance(text, str) else ""


def _rows(grid: dict[str, Any]) -> str:
    rows: list[list[str]] = [[] for _ in range(grid["rows"])]
    for cell in grid["cells"]:
        rows[cell["row"]].append(" ".join((cell["content"] or "").split()))
    return "\n".join(" | ".join(row) for row in rows if any(row))
