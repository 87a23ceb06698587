"""What the elements of a web page hand down to what stands in them."""

import re
from dataclasses import dataclass, replace

from documents.extracted_text import BlockKind, MarkKind
from documents.extraction.readers.web.boilerplate import Attributes
from documents.extraction.readers.web.html_elements import ARTICLES, HEADINGS, KINDS

NOTE = re.compile(r"(^|[\s_:-])(foot|end)notes?([\s_-]|$)", re.I)
LANGUAGE = re.compile(r"\b(?:language|lang|highlight-source|brush:)-?\s*([\w+#-]+)")
MOST_DEPTH = 30


@dataclass
class ListMark:
    """The bullet or number of an item, which its first block bears."""

    label: str


@dataclass
class ListCount:
    """The number of the next item of a list; None in a list without numbers."""

    next: int | None


@dataclass(frozen=True)
class Context:
    """What a node inherits: the kind of its blocks, how its text is set off, where it stands."""

    kind: BlockKind = "paragraph"
    level: int = 0
    label: str = ""
    marks: tuple[MarkKind, ...] = ()
    target: str = ""
    part: BlockKind | None = None
    depth: int = -1
    item: ListMark | None = None
    count: ListCount | None = None
    inside: bool = False
    pre: bool = False


def marked(context: Context, mark: MarkKind) -> Context:
    return context if mark in context.marks else replace(context, marks=(*context.marks, mark))


def block_context(tag: str, attributes: Attributes, context: Context) -> Context:
    """The context of the children of an element that begins a block."""
    if tag in HEADINGS or attributes.get("role") == "heading":
        level = HEADINGS.get(tag) or _number(attributes.get("aria-level"), 2)
        return replace(context, kind="heading", level=level, label="", item=None)
    if tag in ("ul", "ol", "menu", "dir", "dl"):
        count = ListCount(_number(attributes.get("start"), 1) if tag == "ol" else None)
        depth = min(context.depth + 1, MOST_DEPTH)
        return replace(context, depth=depth, count=count)
    if tag in ("li", "dt", "dd"):
        depth = max(context.depth, 0) + (tag == "dd")
        mark = ListMark(_label(attributes, context.count) if tag == "li" else "")
        return replace(context, kind="list_item", level=depth, item=mark, label="")
    if tag in KINDS and context.kind != "list_item":
        classes = attributes.get("class") or ""
        found = LANGUAGE.search(classes) if tag == "pre" else None
        context = replace(context, kind=KINDS[tag], level=0, label=found[1] if found else "")
    if tag == "select":
        return replace(context, part=context.part or "navigation")
    if NOTE.search(f"{attributes.get('epub:type') or ''} {attributes.get('role') or ''}"):
        context = replace(context, kind="note", level=0, label="", item=None)
    inside = context.inside or tag in ARTICLES
    return replace(context, inside=inside, pre=context.pre or KINDS.get(tag) == "code")


def _label(attributes: Attributes, count: ListCount | None) -> str:
    if count is None or count.next is None:
        return "•"
    count.next = _number(attributes.get("value"), count.next)
    label = f"{count.next}."
    count.next += 1
    return label


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text.strip()) else otherwise
