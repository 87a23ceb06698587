"""The numbers and bullets that Word puts before list items and headings."""

import re
from collections import defaultdict

from documents.extraction.readers.office.list_numbers import BULLET, list_number
from documents.extraction.readers.office.package import Element
from documents.extraction.readers.office.word.styles import value

MOST_LEVELS = 9


class WordNumbering:
    """Counts the items of each list as they come."""

    def __init__(self, root: Element | None) -> None:
        empty: list[Element] = []
        abstract = list(root.iterchildren("abstractNum")) if root is not None else empty
        numbers = list(root.iterchildren("num")) if root is not None else empty
        self.abstract = {one.get("abstractNumId", ""): one for one in abstract}
        self.numbers = {one.get("numId", ""): one for one in numbers}
        self.counts: dict[str, list[int | None]] = defaultdict(lambda: [None] * MOST_LEVELS)
        self.started: set[tuple[str, int]] = set()

    def label(self, number: str, level: int) -> str:
        """The number or bullet of the next item of a list; empty if it has none to show."""
        level = min(max(level, 0), MOST_LEVELS - 1)
        key = self._key(number)
        counts = self.counts[key]
        override = self._override(number, level)
        if override is not None and (number, level) not in self.started:
            counts[level] = None
        self.started.add((number, level))
        start = self._start(number, level) if override is None else override
        counts[level] = start if counts[level] is None else (counts[level] or 0) + 1
        for deeper in range(level + 1, MOST_LEVELS):
            counts[deeper] = None
        definition = self._definition(number, level)
        if definition is None or value(definition.find("numFmt")) == "bullet":
            return BULLET
        text = value(definition.find("lvlText"))
        return re.sub(r"%([1-9])", lambda m: self._shown(number, counts, int(m[1]) - 1), text)

    def _shown(self, number: str, counts: list[int | None], level: int) -> str:
        count = counts[level]
        definition = self._definition(number, level)
        form = value(definition.find("numFmt")) if definition is not None else "decimal"
        return list_number(self._start(number, level) if count is None else count, form)

    def _start(self, number: str, level: int) -> int:
        definition = self._definition(number, level)
        start = value(definition.find("start")) if definition is not None else ""
        return int(start) if start.isdecimal() else 1

    def _key(self, number: str) -> str:
        one = self.numbers.get(number)
        return value(one.find("abstractNumId")) if one is not None else number

    def _definition(self, number: str, level: int) -> Element | None:
        one = self.numbers.get(number)
        if one is None:
            return None
        own = one.find(f"lvlOverride[@ilvl='{level}']/lvl")
        if own is not None:
            return own
        abstract = self.abstract.get(value(one.find("abstractNumId")))
        return abstract.find(f"lvl[@ilvl='{level}']") if abstract is not None else None

    def _override(self, number: str, level: int) -> int | None:
        one = self.numbers.get(number)
        path = f"lvlOverride[@ilvl='{level}']/startOverride"
        start = value(one.find(path)) if one is not None else ""
        return int(start) if start.isdecimal() else None
