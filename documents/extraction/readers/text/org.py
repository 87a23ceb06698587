"""Org files of Emacs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from documents.extracted_text import BlockKind, ExtractedText
from documents.extraction.dates import content_date
from documents.extraction.readers.text.inline_markup import InlineMarkup, Markup
from documents.extraction.text_builder import TextBuilder
from documents.extraction.text_encoding import clean_text, decode_text

if TYPE_CHECKING:
    from documents.extraction.formats import Format

BEFORE, AFTER = r"(?<![^\s\-({'\"])", r"(?![^\s\-.,:!?;'\")}\[])"
INLINE = InlineMarkup(
    (
        Markup(r"\[\[(?P<target>[^\]\n]+)\]\[(?P<text>[^\]]+)\]\]", "link"),
        Markup(r"\[\[(?:file:)?(?P<text>[^\]\n]+)\]\]", is_nested=False),
        Markup(rf"{BEFORE}[=~](?P<text>\S(?:[^\n]*?\S)?)[=~]{AFTER}", "code", is_nested=False),
        Markup(rf"{BEFORE}\*(?P<text>\S(?:[^*]*?\S)?)\*{AFTER}", "bold"),
        Markup(rf"{BEFORE}/(?P<text>[^\s/](?:[^/\n]*?[^\s/])?)/{AFTER}", "italic"),
        Markup(rf"{BEFORE}[_+](?P<text>\S(?:[^\n]*?\S)?)[_+]{AFTER}"),
    )
)
KEYWORD = re.compile(r"\s*#\+([\w-]+):\s*(.*)", re.I)
BEGIN = re.compile(r"\s*#\+begin_(\w+)[ \t]*(.*)", re.I)
HEADING = re.compile(r"(\*+)\s+(?:(?:TODO|DONE|NEXT|WAITING|CANCELLED)\s+)?(?:\[#\w\]\s+)?(.*?)"
                     r"(?:\s+:[\w@:]+:)?\s*$")  # fmt: skip
ITEM = re.compile(r"(\s*)(?:([-+]|\d+[.)])|\s\*)\s+(?:\[[ X-]\]\s+)?(.*)")
COMMENT = re.compile(r"\s*#(\s|$)")
LONGEST_DRAWER, MOST_DEPTH = 200, 20
DRAWER = re.compile(r"\s*:[\w-]+:\s*$")
KINDS: dict[str, BlockKind] = {
    "src": "code", "example": "code", "export": "code", "quote": "quote", "verse": "quote",
}  # fmt: skip
NAMES = {"author": "author", "filetags": "tags", "keywords": "tags", "description": "description"}


def read_org(path: Path, file_format: "Format") -> ExtractedText:
    reader = _Lines(TextBuilder())
    reader.add(clean_text(decode_text(path.read_bytes())).split("\n"))
    found, stated = reader.builder.extracted(), reader.stated
    metadata: dict[str, str | list[str]] = {}
    for key, name in NAMES.items():
        if value := stated.get(key):
            metadata[name] = re.findall(r"[^\s:,]+", value) if name == "tags" else value
    first = found.headings[0].title if found.headings else ""
    day = re.search(r"\d{4}-\d\d-\d\d", stated.get("date", ""))
    return replace(
        found, title=stated.get("title") or first, metadata=metadata,
        content_date=content_date({"created_at": day[0]}) if day else None,
    )  # fmt: skip


@dataclass
class _Lines:
    """Appends the blocks of lines; `stated` are the keywords of the file."""

    builder: TextBuilder
    stated: dict[str, str] = field(default_factory=dict)
    depth: int = 0

    def add(self, lines: Sequence[str], kind: BlockKind = "paragraph") -> None:
        at = 0
        while at < len(lines):
            at = self._block(lines, at, kind)

    def _block(self, lines: Sequence[str], at: int, kind: BlockKind) -> int:
        """Append the block that begins at a line; returns the line after it."""
        line = lines[at]
        if (begin := BEGIN.match(line)) and self.depth < MOST_DEPTH:
            return self._delimited(lines, at, begin)
        if heading := HEADING.match(line):
            self.builder.block("heading", INLINE.spans(heading[2]), level=len(heading[1]))
        elif keyword := KEYWORD.match(line):
            name = keyword[1].lower()
            if name == "caption":
                self.builder.block("caption", INLINE.spans(keyword[2]))
            self.stated.setdefault(name, keyword[2].strip())
        elif DRAWER.match(line):
            last = min(at + LONGEST_DRAWER, len(lines))
            ends = (n for n in range(at, last) if lines[n].strip().upper() == ":END:")
            return next(ends, at) + 1
        elif line.lstrip().startswith("|"):
            return self._table(lines, at)
        elif line.strip() and not COMMENT.match(line):
            return self._paragraph(lines, at, kind)
        return at + 1

    def _delimited(self, lines: Sequence[str], at: int, begin: re.Match[str]) -> int:
        name = begin[1].lower()
        end = next(
            (n for n in range(at, len(lines)) if lines[n].strip().lower() == f"#+end_{name}"),
            len(lines),
        )
        kind = KINDS.get(name, "paragraph")
        if kind == "code":
            label = begin[2].split()[0] if begin[2].strip() else ""
            self.builder.block("code", "\n".join(lines[at + 1 : end]), label=label)
        elif name != "comment":
            self.depth += 1
            self.add(lines[at + 1 : end], kind)
            self.depth -= 1
        return end + 1

    def _table(self, lines: Sequence[str], at: int) -> int:
        rows: list[list[str]] = []
        headers = 0
        while at < len(lines) and lines[at].lstrip().startswith("|"):
            row = lines[at].strip()
            if row.startswith("|-"):
                headers = headers or len(rows)
            else:
                rows.append(["".join(s.text for s in INLINE.spans(cell.strip()))
                             for cell in row.strip("|").split("|")])  # fmt: skip
            at += 1
        self.builder.table(rows, header_rows=headers if headers < len(rows) else 0)
        return at

    def _paragraph(self, lines: Sequence[str], at: int, kind: BlockKind) -> int:
        """The lines up to an empty one or another block; of a list, one item."""
        item = ITEM.match(lines[at])
        text = [item[3] if item else lines[at]]
        end = at + 1
        while end < len(lines) and lines[end].strip() and not _begins(lines[end]):
            text.append(lines[end])
            end += 1
        spans = INLINE.spans(" ".join(" ".join(text).split()))
        if item:
            label = "•" if item[2] in ("-", "+", None) else item[2]
            self.builder.block("list_item", spans, level=len(item[1]) // 2, label=label)
        else:
            self.builder.block(kind, spans)
        return end


def _begins(line: str) -> bool:
    """Whether a line begins a block of its own."""
    patterns = (COMMENT, BEGIN, KEYWORD, HEADING, ITEM, DRAWER)
    return line.lstrip().startswith("|") or any(pattern.match(line) for pattern in patterns)
