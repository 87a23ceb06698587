"""One paragraph of OpenDocument: its words with their marks, and what hangs on it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from documents.extraction.readers.office.opendocument.styles import OpenDocumentStyles
from documents.extraction.readers.office.package import Element
from documents.extraction.readers.office.paragraph_words import ADDRESS, ParagraphWords, RunStyle

# Deleted text, how a word is pronounced, what scripts and forms hold.
UNSEEN = frozenset(
    {"tracked-changes", "ruby-text", "script", "forms", "note-citation", "change-start", "desc"}
)
ANCHORED = frozenset(
    {"frame", "custom-shape", "rect", "g", "line", "ellipse", "annotation", "note", "a-frame",
     "polygon", "path", "connector", "caption", "control"}
)  # fmt: skip
MOST_SPACES = 100
SPACED = ("p", "h", "s", "tab", "line-break")


@dataclass
class ParagraphText(ParagraphWords):
    """The words of a paragraph and, in order, what is anchored in it."""

    anchored: list[Element] = field(default_factory=list)


class ParagraphReader:
    """Reads the words of paragraphs."""

    def __init__(self, styles: OpenDocumentStyles) -> None:
        self.styles = styles
        self.found = ParagraphText()
        self.white_is_seen = False
        self.actions: dict[str, Callable[[Element, RunStyle], None]] = {
            "span": self._span, "a": self._link, "s": self._spaces, "tab": self._tab,
            "line-break": self._line, "soft-page-break": self._page, "hidden-text": self._hidden,
        }  # fmt: skip

    def read(
        self, paragraph: Element, *, is_hidden: bool = False, white_is_seen: bool = False
    ) -> ParagraphText:
        self.found = ParagraphText()
        self.white_is_seen = white_is_seen
        self._content(paragraph, RunStyle(is_seen=not is_hidden))
        return self.found

    def _content(self, element: Element, setting: RunStyle) -> None:
        self.found.add(_collapsed(element.text), setting)
        for child in element:
            if isinstance(child.tag, str):
                action = self.actions.get(child.tag)
                if action:
                    action(child, setting)
                elif child.tag in ANCHORED:
                    self.found.anchored.append(child)
                elif child.tag not in UNSEEN:
                    self._content(child, setting)
            self.found.add(_collapsed(child.tail), setting)

    def _span(self, span: Element, setting: RunStyle) -> None:
        style = self.styles.text(span.get("style-name", ""))
        kinds = tuple(dict.fromkeys((*setting.kinds, *style.kinds)))
        unseen = style.is_hidden or (style.is_white and not self.white_is_seen)
        self._content(span, replace(setting, kinds=kinds, is_seen=setting.is_seen and not unseen))

    def _link(self, link: Element, setting: RunStyle) -> None:
        target = link.get("href", "")
        if ADDRESS.match(target) and "link" not in setting.kinds:
            setting = replace(setting, kinds=(*setting.kinds, "link"), target=target)
        self._content(link, setting)

    def _spaces(self, element: Element, setting: RunStyle) -> None:
        count = element.get("c", "1")
        self.found.add(" " * min(int(count) if count.isdecimal() else 1, MOST_SPACES), setting)

    def _tab(self, element: Element, setting: RunStyle) -> None:
        self.found.add("\t", setting)

    def _line(self, element: Element, setting: RunStyle) -> None:
        self.found.add("\n", setting)

    def _page(self, element: Element, setting: RunStyle) -> None:
        self.found.page()

    def _hidden(self, element: Element, setting: RunStyle) -> None:
        self.found.add(element.get("string-value", "") or "", replace(setting, is_seen=False))


def _collapsed(text: str | None) -> str:
    """White space as OpenDocument counts it: any stretch of it is one space."""
    return re.sub(r"[ \t\r\n]+", " ", text or "")


def plain_words(element: Element) -> str:
    """The words of all paragraphs in an element, on one line."""
    return " ".join(paragraph_lines(element).split())


def paragraph_lines(element: Element) -> str:
    """The words of all paragraphs in an element, a line for each, whatever their place."""
    return "".join(_parts(element))


def _parts(element: Element) -> Iterator[str]:
    if element.tag in SPACED:
        yield " "
    yield element.text or ""
    for child in element:
        is_text = element.tag != "annotation" or child.tag in ("p", "list")
        if isinstance(child.tag, str) and child.tag not in UNSEEN and is_text:
            yield from _parts(child)
        yield child.tail or ""
    if element.tag in ("p", "h"):
        yield "\n"
