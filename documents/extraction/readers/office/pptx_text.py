"""The paragraphs of a shape on a slide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from documents.extracted_text import MarkKind
from documents.extraction.readers.office.list_numbers import BULLET
from documents.extraction.readers.office.package import Element, Relationship
from documents.extraction.readers.office.style_names import is_fixed_width
from documents.extraction.text_builder import Span

SMALLEST = 100  # hundredths of a point


@dataclass(frozen=True)
class SlideParagraph:
    """A paragraph's words, those that nobody sees, its depth and its bullet, if it has one."""

    spans: Sequence[Span]
    hidden: str
    level: int
    bullet: str

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


def slide_paragraphs(
    body: Element, links: Mapping[str, Relationship], *, bulleted: bool
) -> list[SlideParagraph]:
    """The paragraphs of a text body; `bulleted` ones are items of a list unless they say not."""
    return [_paragraph(one, links, bulleted) for one in body.iterchildren("p")]


def _paragraph(
    paragraph: Element, links: Mapping[str, Relationship], bulleted: bool
) -> SlideParagraph:
    properties = paragraph.find("pPr")
    level, bullet = "0", BULLET if bulleted else ""
    if properties is not None:
        level = properties.get("lvl", "0")
        if properties.find("buNone") is not None:
            bullet = ""
        elif any(properties.find(tag) is not None for tag in ("buChar", "buAutoNum", "buBlip")):
            bullet = BULLET
    spans: list[Span] = []
    hidden = ""
    for run in paragraph:
        if run.tag == "br":
            spans.append(Span("\n"))
            continue
        text = "".join(one.text or "" for one in run.iter("t"))
        if text and _is_unseen(run.find("rPr")):
            hidden += text
        elif text:
            _add(spans, _span(text, run.find("rPr"), links))
    return SlideParagraph(spans, hidden, int(level) if level.isdecimal() else 0, bullet)


def _add(spans: list[Span], span: Span) -> None:
    """Join what is set off alike: programs part a word's letters at will."""
    last = spans[-1] if spans else None
    if last is not None and (last.kinds, last.target) == (span.kinds, span.target):
        spans[-1] = Span(last.text + span.text, span.kinds, span.target)
    else:
        spans.append(span)


def _span(text: str, properties: Element | None, links: Mapping[str, Relationship]) -> Span:
    kinds: list[MarkKind] = []
    target = ""
    if properties is not None:
        if properties.get("b") in ("1", "true"):
            kinds.append("bold")
        if properties.get("i") in ("1", "true"):
            kinds.append("italic")
        font = properties.find("latin")
        if font is not None and is_fixed_width(font.get("typeface", "")):
            kinds.append("code")
        click = properties.find("hlinkClick")
        found = links.get(click.get("r_id", "")) if click is not None else None
        if found is not None and found.is_external:
            kinds.append("link")
            target = found.target
    return Span(text, tuple(kinds), target)


def _is_unseen(properties: Element | None) -> bool:
    size = properties.get("sz", "") if properties is not None else ""
    return size.isdecimal() and int(size) <= SMALLEST
