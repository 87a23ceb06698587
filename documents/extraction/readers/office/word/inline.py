"""The content of one paragraph of Word: its words with their marks, and what hangs on them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from documents.extraction.readers.office.graphics import PICTURE_FILE
from documents.extraction.readers.office.package import Element, Relationship
from documents.extraction.readers.office.paragraph_words import ADDRESS, ParagraphWords, RunStyle
from documents.extraction.readers.office.word.styles import (
    WordStyles,
    is_shaded,
    is_unseen,
    is_white,
    marks_of,
    value,
)

# Deleted or moved away, settings, instructions of fields, how a Chinese word is pronounced.
UNSEEN = frozenset(
    {
        "pPr", "rPr", "del", "moveFrom", "sdtPr", "sdtEndPr", "delText", "delInstrText", "rt",
        "rubyPr", "Fallback", "binData", "fldData", "annotation", "annotationRef", "footnoteRef",
        "endnoteRef",
    }
)  # fmt: skip
SIGNS = {"tab": "\t", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
# The characters of the font Symbol that stand in texts, at their private places.
SYMBOLS = {
    **{0xF061 + n: sign for n, sign in enumerate("αβχδεφγηιϕκλμνοπθρστυϖωξψζ")},
    **{0xF041 + n: sign for n, sign in enumerate("ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ")},
    0xF0A3: "≤", 0xF0B3: "≥", 0xF0B1: "±", 0xF0B4: "\u00d7", 0xF0B0: "°", 0xF0AE: "→", 0xF0B7: "•",
    0xF0B9: "≠", 0xF0A5: "∞", 0xF0D2: "®", 0xF0D4: "™", 0xF0E5: "∑", 0xF0D6: "√",
}  # fmt: skip
HYPERLINK = re.compile(r'\s*HYPERLINK\s+(?:\\[a-z]\s+)*"([^"]+)"', re.I)


@dataclass
class InlineContent(ParagraphWords):
    """The words of a paragraph and, in order, what is anchored in it."""

    boxes: list[Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    graphics: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class _Field:
    instruction: str = ""
    in_result: bool = False


class InlineReader:
    """Reads paragraphs of one part. `breaks` are the tags of elements at which pages end."""

    def __init__(
        self, styles: WordStyles, relationships: Mapping[str, Relationship], breaks: frozenset[str]
    ) -> None:
        self.styles = styles
        self.relationships = relationships
        self.breaks = breaks
        self.fields: list[_Field] = []
        self.content = InlineContent()
        self.white_is_seen = False
        self.actions: dict[str, Callable[[Element, RunStyle], None]] = {
            "r": self._run, "hyperlink": self._link, "AlternateContent": self._alternative,
            "fldChar": self._field, "instrText": self._instruction, "fldSimple": self._simple_field,
            "t": self._text, "sym": self._symbol, "br": self._break,
            "lastRenderedPageBreak": self._rendered_break, "txbxContent": self._box,
            "docPr": self._picture, "imagedata": self._picture, "chart": self._graphic,
            "relIds": self._graphic, "footnoteReference": self._note,
            "endnoteReference": self._note, "commentReference": self._note,
        }  # fmt: skip

    def read(
        self, paragraph: Element, *, is_hidden: bool = False, white_is_seen: bool = False
    ) -> InlineContent:
        self.content, self.fields = InlineContent(), []
        self.white_is_seen = white_is_seen or is_shaded(paragraph.find("pPr"))
        self._children(paragraph, RunStyle(is_seen=not is_hidden))
        return self.content

    def _children(self, element: Element, style: RunStyle) -> None:
        for child in element:
            if not isinstance(child.tag, str):
                continue
            action = self.actions.get(child.tag)
            if action:
                action(child, style)
            elif child.tag in SIGNS:
                self._add(SIGNS[child.tag], style)
            elif child.tag not in UNSEEN:
                self._children(child, style)

    def _add(self, text: str, style: RunStyle) -> None:
        if all(one.in_result for one in self.fields):
            self.content.add(text, style)

    def _run(self, run: Element, style: RunStyle) -> None:
        properties = run.find("rPr")
        if properties is None:
            self._children(run, self._linked(style))
            return
        named, hidden = self.styles.run(value(properties.find("rStyle")))
        shown = dict.fromkeys((*style.kinds, *named), True) | marks_of(properties)
        unseen = (
            hidden or is_unseen(properties) or (is_white(properties) and not self.white_is_seen)
        )
        kinds = tuple(kind for kind, is_on in shown.items() if is_on)
        seen = style.is_seen and not unseen
        self._children(run, self._linked(replace(style, kinds=kinds, is_seen=seen)))

    def _linked(self, style: RunStyle) -> RunStyle:
        """The style inside the result of a field that links."""
        for one in self.fields:
            match = HYPERLINK.match(one.instruction)
            if match and ADDRESS.match(match[1]) and "link" not in style.kinds:
                return replace(style, kinds=(*style.kinds, "link"), target=match[1])
        return style

    def _link(self, link: Element, style: RunStyle) -> None:
        found = self.relationships.get(link.get("r_id", ""))
        if found and ADDRESS.match(found.target):
            style = replace(style, kinds=(*style.kinds, "link"), target=found.target)
        self._children(link, style)

    def _alternative(self, element: Element, style: RunStyle) -> None:
        """The first way of saying it that says something."""
        for way in (*element.iterchildren("Choice"), *element.iterchildren("Fallback")):
            if any(True for _ in way.iter("t", "docPr", "chart", "relIds", "imagedata")):
                self._children(way, style)
                return

    def _field(self, sign: Element, style: RunStyle) -> None:
        kind = sign.get("fldCharType")
        if kind == "begin":
            self.fields.append(_Field())
            chosen = sign.find("ffData/ddList")
            if chosen is not None:
                entries = [value(entry) for entry in chosen.iterchildren("listEntry")]
                place = value(chosen.find("result")) or "0"
                if place.isdecimal() and int(place) < len(entries):
                    self.content.add(entries[int(place)], style)
        elif kind == "separate" and self.fields:
            self.fields[-1].in_result = True
        elif kind == "end" and self.fields:
            self.fields.pop()

    def _instruction(self, element: Element, style: RunStyle) -> None:
        if self.fields:
            self.fields[-1].instruction += element.text or ""

    def _simple_field(self, element: Element, style: RunStyle) -> None:
        self.fields.append(_Field(element.get("instr", ""), in_result=True))
        self._children(element, style)
        self.fields.pop()

    def _text(self, element: Element, style: RunStyle) -> None:
        self._add(element.text or "", style)

    def _symbol(self, element: Element, style: RunStyle) -> None:
        try:
            code = int(element.get("char", ""), 16)
        except ValueError:
            return
        if 0xF000 <= code < 0xF100:
            is_symbol = element.get("font", "").lower() == "symbol"
            self._add(SYMBOLS.get(code, "") if is_symbol else "", style)
        elif 0 < code < 0xD800:
            self._add(chr(code), style)

    def _break(self, element: Element, style: RunStyle) -> None:
        if element.get("type") == "page":
            if "br" in self.breaks:
                self.content.page()
        else:
            self._add("\n", style)

    def _rendered_break(self, element: Element, style: RunStyle) -> None:
        if element.tag in self.breaks:
            self.content.page()

    def _box(self, element: Element, style: RunStyle) -> None:
        self.content.boxes.append(element)

    def _picture(self, element: Element, style: RunStyle) -> None:
        words = element.get("descr") or element.get("alt") or element.get("title") or ""
        if words.strip() and not PICTURE_FILE.search(words.strip()):
            self.content.pictures.append(words)

    def _graphic(self, element: Element, style: RunStyle) -> None:
        name = element.get("r_dm" if element.tag == "relIds" else "r_id", "")
        self.content.graphics.append((element.tag, name))

    def _note(self, element: Element, style: RunStyle) -> None:
        kind = element.tag.removesuffix("Reference")
        self.content.notes.append((kind, element.get("id", "")))
