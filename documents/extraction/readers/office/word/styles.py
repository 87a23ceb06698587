"""What the styles of a Word document say of its paragraphs and runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from documents.extracted_text import BlockKind, MarkKind
from documents.extraction.readers.office.package import Element
from documents.extraction.readers.office.style_names import (
    heading_level,
    is_code_style,
    is_fixed_width,
    is_title_style,
    kind_by_style,
)

LONGEST_CHAIN = 20
BODY_LEVEL = 9
SMALLEST = 2  # half points


@dataclass(frozen=True)
class ParagraphStyle:
    """What a paragraph is by its style; `level` is that of a heading, from 1, or 0."""

    level: int = 0
    is_title: bool = False
    kind: BlockKind = "paragraph"
    number: Element | None = None
    is_hidden: bool = False


class WordStyles:
    """The styles of a document by their ids."""

    def __init__(self, root: Element | None) -> None:
        every = root.iterchildren("style") if root is not None else ()
        self.styles: dict[str, Element] = {one.get("styleId", ""): one for one in every}
        self.default = next(
            (
                name
                for name, one in self.styles.items()
                if one.get("type") == "paragraph" and one.get("default") in ("1", "true", "on")
            ),
            "",
        )
        self.paragraph = cache(self._paragraph)
        self.run = cache(self._run)

    def _paragraph(self, name: str) -> ParagraphStyle:
        level, title, number, hidden, decided = 0, False, None, False, False
        kind: BlockKind | None = None
        for style in self._chain(name or self.default):
            words = _name(style)
            outline = value(style.find("pPr/outlineLvl"))
            if not decided and outline.isdecimal():
                level, decided = (int(outline) + 1 if int(outline) < BODY_LEVEL else 0), True
            if not decided and heading_level(words):
                level, decided = heading_level(words), True
            if not decided and is_title_style(words):
                level, title, decided = 1, True, True
            kind = kind or kind_by_style(words)
            number = style.find("pPr/numPr") if number is None else number
            hidden = hidden or is_on(style.find("rPr/vanish"))
        return ParagraphStyle(level, title, kind or "paragraph", number, hidden)

    def _run(self, name: str) -> tuple[tuple[MarkKind, ...], bool]:
        """The marks of a character style, and whether it hides what it sets."""
        kinds: dict[MarkKind, bool] = {}
        hidden = False
        for style in self._chain(name):
            hidden = hidden or is_on(style.find("rPr/vanish"))
            for kind, shown in marks_of(style.find("rPr")).items():
                kinds.setdefault(kind, shown)
            if is_code_style(_name(style)):
                kinds.setdefault("code", True)
        return tuple(kind for kind, shown in kinds.items() if shown), hidden

    def _chain(self, name: str) -> Iterator[Element]:
        """A style and those that it is based on."""
        for _ in range(LONGEST_CHAIN):
            style = self.styles.get(name)
            if style is None:
                return
            yield style
            name = value(style.find("basedOn"))


def marks_of(properties: Element | None) -> dict[MarkKind, bool]:
    """What properties of a run say of its marks: True, or False where they take one away."""
    if properties is None:
        return {}
    tags: tuple[tuple[str, MarkKind], ...] = (("b", "bold"), ("i", "italic"))
    found = {
        kind: is_on(properties.find(tag)) for tag, kind in tags if properties.find(tag) is not None
    }
    fonts = properties.find("rFonts")
    name = (fonts.get("ascii") or fonts.get("hAnsi") or "") if fonts is not None else ""
    if is_fixed_width(name):
        found["code"] = True
    return found


def is_unseen(properties: Element | None) -> bool:
    """Whether a run is hidden, or too small to be seen."""
    if properties is None:
        return False
    size = value(properties.find("sz"))
    return is_on(properties.find("vanish")) or (size.isdecimal() and int(size) <= SMALLEST)


def is_white(properties: Element | None) -> bool:
    """Whether a run is white on no ground of its own."""
    if properties is None or value(properties.find("color")).upper() != "FFFFFF":
        return False
    return not is_shaded(properties) and properties.find("highlight") is None


def is_shaded(properties: Element | None) -> bool:
    """Whether a run, a paragraph or a cell has a ground of its own colour."""
    shading = properties.find("shd") if properties is not None else None
    if shading is None:
        return False
    patterned = shading.get("val", "clear") not in ("clear", "nil")
    return patterned or shading.get("fill", "auto").upper() not in ("AUTO", "FFFFFF")


def is_on(toggle: Element | None) -> bool:
    return toggle is not None and toggle.get("val", "1") not in ("0", "false", "off", "none")


def value(element: Element | None) -> str:
    """The attribute `val` of an element, which most settings of Word have."""
    return str(element.get("val", "")) if element is not None else ""


def _name(style: Element) -> str:
    return value(style.find("name")) or str(style.get("styleId", ""))


def paragraph_level(paragraph: Element, style: ParagraphStyle) -> int:
    """The level of a heading, from 1; 0 for what is none."""
    own = value(paragraph.find("pPr/outlineLvl"))
    if own.isdecimal():
        return int(own) + 1 if int(own) < BODY_LEVEL else 0
    return style.level


def list_of(paragraph: Element, style: ParagraphStyle) -> tuple[str, int]:
    """The list that a paragraph is an item of, and how deep; an empty id if of none."""
    own = paragraph.find("pPr/numPr")
    number = value(own.find("numId")) if own is not None else ""
    depth = value(own.find("ilvl")) if own is not None else ""
    if style.number is not None:
        number = number or value(style.number.find("numId"))
        depth = depth or value(style.number.find("ilvl"))
    return ("" if number == "0" else number), int(depth) if depth.isdecimal() else 0
