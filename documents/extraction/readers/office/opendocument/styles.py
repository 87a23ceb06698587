"""What the styles of an OpenDocument file say of its paragraphs, words, lists and tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from documents.extracted_text import BlockKind, MarkKind
from documents.extraction.readers.office.list_numbers import BULLET, list_number
from documents.extraction.readers.office.package import Element
from documents.extraction.readers.office.style_names import (
    heading_level,
    is_code_style,
    is_fixed_width,
    is_title_style,
    kind_by_style,
)

LONGEST_CHAIN = 20
SMALLEST = 1.0  # points
FORMS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman",
         "I": "upperRoman", "": "none"}  # fmt: skip
WHITE = ("#ffffff", "white")
NO_GROUND = ("", "transparent", *WHITE)


@dataclass(frozen=True)
class TextStyle:
    """How words are set by a style."""

    kinds: tuple[MarkKind, ...] = ()
    is_hidden: bool = False
    is_white: bool = False


@dataclass(frozen=True)
class BlockStyle:
    """What a paragraph is by its style; `level` is that of a heading, from 1, or 0."""

    level: int = 0
    is_title: bool = False
    kind: BlockKind | None = None
    begins_page: bool = False
    is_hidden: bool = False
    has_ground: bool = False


class OpenDocumentStyles:
    """The styles of content.xml and styles.xml by family and name."""

    def __init__(self, *roots: Element | None) -> None:
        self.styles: dict[tuple[str, str], Element] = {}
        self.lists: dict[str, Element] = {}
        for root in roots:
            for one in root.iter("style") if root is not None else ():
                self.styles[one.get("family", ""), one.get("name", "")] = one
            for one in root.iter("list-style") if root is not None else ():
                self.lists[one.get("name", "")] = one
        self.text = cache(self._text)
        self.paragraph = cache(self._paragraph)

    def is_shown(self, table: Element) -> bool:
        """Whether a sheet is shown by its style."""
        return all(
            each.get("display") != "false"
            for style in self._chain("table", table.get("style-name", ""))
            for each in style.iterchildren("table-properties")
        )

    def label(self, name: str, level: int, count: int) -> str:
        """The bullet or number of the item number `count` of a list."""
        style = self.lists.get(name)
        found = style.find(f"*[@level='{level + 1}']") if style is not None else None
        if found is None or found.tag != "list-level-style-number":
            return BULLET
        start = found.get("start-value", "1")
        number = count + (int(start) if start.isdecimal() else 1)
        form = FORMS.get(found.get("num-format", "1"), "decimal")
        written = list_number(number, form)
        return f"{found.get('num-prefix', '')}{written}{found.get('num-suffix', '')}"

    def _text(self, name: str) -> TextStyle:
        kinds: dict[MarkKind, bool] = {}
        hidden = white = False
        for style in self._chain("text", name):
            for each in style.iterchildren("text-properties"):
                if each.get("font-weight"):
                    kinds.setdefault(
                        "bold", each.get("font-weight") in ("bold", "700", "800", "900")
                    )
                if each.get("font-style"):
                    kinds.setdefault("italic", each.get("font-style") in ("italic", "oblique"))
                if is_fixed_width(each.get("font-name", "")):
                    kinds.setdefault("code", True)
                hidden = hidden or _is_unseen(each)
                ground = each.get("background-color", "")
                white = white or (each.get("color", "") in WHITE and ground in NO_GROUND)
            if is_code_style(_name(style)):
                kinds.setdefault("code", True)
        return TextStyle(tuple(kind for kind, shown in kinds.items() if shown), hidden, white)

    def _paragraph(self, name: str) -> BlockStyle:
        level, title, begins, hidden, ground = 0, False, False, False, False
        kind: BlockKind | None = None
        for number, style in enumerate(self._chain("paragraph", name)):
            own = _name(style)
            level = level or heading_level(own)
            if is_title_style(own) and not level:
                level, title = 1, True
            kind = kind or kind_by_style(own)
            for each in style.iterchildren("paragraph-properties"):
                begins = begins or each.get("break-before") == "page"
                ground = ground or each.get("background-color", "") not in NO_GROUND
            begins = begins or (number == 0 and bool(style.get("master-page-name")))
            hidden = hidden or any(map(_is_unseen, style.iterchildren("text-properties")))
        return BlockStyle(level, title, kind, begins, hidden, ground)

    def _chain(self, family: str, name: str) -> Iterator[Element]:
        """A style and those that it inherits from."""
        for _ in range(LONGEST_CHAIN):
            style = self.styles.get((family, name))
            if style is None:
                return
            yield style
            name = style.get("parent-style-name", "")


def _name(style: Element) -> str:
    return str(style.get("display-name") or style.get("name", ""))


def _is_unseen(properties: Element) -> bool:
    size = properties.get("font-size", "").removesuffix("pt")
    try:
        return properties.get("display") == "none" or float(size) <= SMALLEST
    except ValueError:
        return False
