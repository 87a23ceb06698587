"""The words of a paragraph of an office file, with their marks and the pages that end in it."""

import re
from dataclasses import dataclass, field, replace

from documents.extracted_text import MarkKind
from documents.extraction.text_builder import Span

# Where a link leads that is a mark; others lead into the file.
ADDRESS = re.compile(r"(https?|mailto|ftp|tel):", re.I)


@dataclass(frozen=True)
class RunStyle:
    """How a run is set off; `is_seen` is False for one that its reader does not see."""

    kinds: tuple[MarkKind, ...] = ()
    target: str = ""
    is_seen: bool = True


@dataclass
class ParagraphWords:
    """`spans` are seen, `hidden` are not; `leading_pages` of its `pages` end before the words."""

    spans: list[Span] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    leading_pages: int = 0
    pages: int = 0
    awaits_page: bool = False

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)

    def add(self, text: str, style: RunStyle) -> None:
        if not text:
            return
        if not style.is_seen:
            self.hidden.append(text)
            return
        new_page = self.awaits_page and bool(text.strip())
        last = self.spans[-1] if self.spans else None
        same = last is not None and (last.kinds, last.target) == (style.kinds, style.target)
        if last is not None and same and not new_page:
            self.spans[-1] = replace(last, text=last.text + text)
        else:
            self.spans.append(Span(text, style.kinds, style.target, new_page))
        self.awaits_page = self.awaits_page and not new_page

    def page(self) -> None:
        """A page ends here: before the words, or among them."""
        self.pages += 1
        if self.text.strip():
            self.awaits_page = True
        else:
            self.leading_pages += 1
