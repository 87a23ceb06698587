"""Marks inside a line of light markup: patterns, each with how its first group is set off."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from documents.extracted_text import MarkKind
from documents.extraction.readers.web.inline_text import link_target
from documents.extraction.text_builder import Span


@dataclass(frozen=True)
class Markup:
    """The text of a match is its group `text`, and its address, if any, its group `target`."""

    pattern: str
    kind: MarkKind | None = None
    is_nested: bool = True


class InlineMarkup:
    """Splits a text into spans by the markup of its format."""

    def __init__(self, markups: Sequence[Markup]) -> None:
        self.markups = markups
        parts = []
        for number, markup in enumerate(markups):
            own = markup.pattern.replace("(?P<text>", f"(?P<text{number}>")
            parts.append(f"(?P<m{number}>{own.replace('(?P<target>', f'(?P<target{number}>')})")
        self.pattern = re.compile("|".join(parts), re.S)

    def spans(self, text: str, kinds: tuple[MarkKind, ...] = (), target: str = "") -> list[Span]:
        found: list[Span] = []
        place = 0
        for match in self.pattern.finditer(text):
            found.append(Span(text[place : match.start()], kinds, target))
            place = match.end()
            number = int(str(match.lastgroup)[1:])
            markup = self.markups[number]
            groups = match.groupdict()
            inner = groups.get(f"text{number}") or ""
            address = link_target(groups.get(f"target{number}"))
            kind = markup.kind if markup.kind != "link" or address else None
            own = (*kinds, kind) if kind and kind not in kinds else kinds
            if markup.is_nested and len(own) > len(kinds):
                found += self.spans(inner, own, address or target)
            else:
                found.append(Span(inner, own, address or target))
        found.append(Span(text[place:], kinds, target))
        return [span for span in found if span.text]
