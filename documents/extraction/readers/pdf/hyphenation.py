"""Words that are broken at the ends of lines: with their hyphen, or without it."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache, cached_property
from importlib.resources import files

from documents.extraction.readers.pdf.segments import Line

WORD = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)*")
HYPHENS = re.compile(r"[\u2010\u2011]")
LAST_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*$")
FIRST_WORD = re.compile(r"^[^\W_]+")
# An English text has one of these among so many words.
ENGLISH = frozenset(("the", "of", "and", "to", "in", "is", "that", "for", "with"))
ENGLISH_SHARE = 0.08
LONGEST = 100
# Words of SCOWL with their counts in Google's books, as the package ships them.
DICTIONARY = "frequency_dictionary_en_82_765.txt"
# Of a million English words; a part of a compound is at least so frequent by itself.
COMMON = 1e-6


def whole_words(line: Line) -> str:
    """The words of a line without one that goes on in the next."""
    return LAST_WORD.sub("", line.text) if line.is_broken else line.text


class Hyphenation:
    """Decides by the document's other words, then by an English dictionary."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.words: Counter[str] = Counter()
        for text in texts:
            self.words.update(WORD.findall(HYPHENS.sub("-", text).lower()))

    def joined(self, line: str, following: str) -> str:
        """Two lines as one text; the first one ends with a broken word, without its hyphen."""
        left, right = LAST_WORD.search(line[-LONGEST:]), FIRST_WORD.match(following)
        keeps = left is None or right is None or self._keeps_hyphen(left[0], right[0])
        return f"{line}-{following}" if keeps else line + following

    def _keeps_hyphen(self, left: str, right: str) -> bool:
        whole, compound = (left + right).lower(), f"{left}-{right}".lower()
        if self.words[whole] != self.words[compound]:
            return self.words[compound] > self.words[whole]
        if "-" in left or len(left) == 1 or left[-1].isdigit() or right[0].isdigit():
            return True
        if right[0].isupper() and not left.isupper():
            return True
        if not self._is_english or _frequency(whole):
            return False
        return min(_frequency(left.lower()), _frequency(right.lower())) >= COMMON

    @cached_property
    def _is_english(self) -> bool:
        return sum(self.words[word] for word in ENGLISH) > ENGLISH_SHARE * self.words.total()


@cache
def _dictionary() -> dict[str, float]:
    listed = files("symspellpy").joinpath(DICTIONARY).read_text(encoding="utf-8-sig")
    counts = {word: int(count) for word, count in map(str.split, listed.splitlines())}
    total = sum(counts.values())
    return {word: count / total for word, count in counts.items()}


def _frequency(word: str) -> float:
    """Its share among the words of English texts; 0 for one that is not in the dictionary."""
    return _dictionary().get(word, 0.0)
