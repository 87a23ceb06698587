"""The text of one block of markup, as a browser would set it: white space is collapsed."""

import re
from itertools import groupby

from documents.extracted_text import MarkKind
from documents.extraction.text_builder import Span

SPACES = re.compile(r"[ \t\n\r\f\xa0]+")
SOFT_HYPHEN = "\xad"
# What no document that means well links to, and no reader follows.
UNFOLLOWED = re.compile(r"\s*(javascript|data|vbscript|blob):", re.I)
LONGEST_TARGET = 2000
# The end of one word and the beginning of another, where an element ends between them.
WORD_END, WORD_START = re.compile(r"[^\W\d_][a-zß-ÿ][.!?)]?$"), re.compile(r"[A-ZÀ-Þ][a-zß-ÿ]")

LONGEST_END = 3


class InlineText:
    """Collects the stretches of a block's text, piece by piece; what is set off alike is joined
    at the end, as a block may have very many pieces."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.joined = False

    def __bool__(self) -> bool:
        return any(span.text.strip() for span in self.spans)

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)

    @property
    def _last(self) -> str:
        return self.spans[-1].text[-1] if self.spans else "\n"

    def add(self, text: str, kinds: tuple[MarkKind, ...] = (), target: str = "") -> None:
        """Append the text of a node, whose white space counts as one space.

        Words that nothing but an element parts are parted where letters show that they are two,
        unless they are `joined`.
        """
        text = SPACES.sub(" ", text.replace(SOFT_HYPHEN, ""))
        if self._last in " \n":
            text = text.lstrip(" ")
        elif not self.joined and "code" not in kinds and self._ends_word_before(text):
            self.add_raw(" ", self.spans[-1].kinds, self.spans[-1].target)
        self.joined = False
        self.add_raw(text, kinds, target)

    def _ends_word_before(self, text: str) -> bool:
        if not WORD_START.match(text):
            return False
        last, tail = self.spans[-1], ""
        for span in reversed(self.spans):
            if len(tail) >= LONGEST_END or not _is_alike(span, last):
                break
            tail = span.text[-LONGEST_END:] + tail
        return bool(WORD_END.search(tail))

    def add_raw(self, text: str, kinds: tuple[MarkKind, ...] = (), target: str = "") -> None:
        """Append text as it is."""
        if not text:
            return
        self.spans.append(Span(text, kinds, target))

    def space(self) -> None:
        """Part what follows from what is there."""
        self.add(" ")

    def line_break(self) -> bool:
        """Begin a line; False if one has begun already, so that this one is empty."""
        if self.spans and self.spans[-1].text.endswith(" "):
            last = self.spans.pop()
            self.add_raw(last.text[:-1], last.kinds, last.target)
        if not self.spans or self._last == "\n":
            return False
        self.add_raw("\n")
        return True

    def take(self) -> list[Span]:
        """The spans collected so far; the next block begins."""
        taken, self.spans = self.spans, []
        runs = groupby(taken, key=lambda span: (span.kinds, span.target))
        return [
            Span("".join(span.text for span in run), kinds, target) for (kinds, target), run in runs
        ]


def _is_alike(one: Span, other: Span) -> bool:
    return (one.kinds, one.target) == (other.kinds, other.target)


def link_target(address: str | None) -> str:
    """The address of a link as it is written; empty for what is none."""
    address = (address or "").strip()
    return "" if UNFOLLOWED.match(address) or len(address) > LONGEST_TARGET else address
