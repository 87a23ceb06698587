"""Short texts, such as titles, that have words which begin as somebody has typed."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.analysis.letters import fold, fold_letters, spelt_out
from retrieval.analysis.normalizer import normalize
from retrieval.analysis.tokenizer import RUN, UNSPACED, atoms_of, words_of

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CutWord:
    """A word of a text, folded, and its place in the text as given. `atoms` are what the index has
    a position for: single characters of text without spaces."""

    folded: str
    start: int
    end: int
    atoms: tuple[str, ...]
    is_unspaced: bool = False
    is_joined: bool = False  # of several words that signs join: `wifi` of `Wi-Fi`


@dataclass(frozen=True, slots=True)
class TypedMatch:
    """How a text has the words typed: `spans` are what is typed of it. Matches compare by what
    people mean: words in a row before scattered ones, an early place before a late one."""

    scattered: bool
    place: int
    spans: tuple[Span, ...]

    @property
    def order(self) -> tuple[bool, int]:
        return self.scattered, self.place


# A word typed: prefixes, with one of which a word of the text begins.
Prefixes = tuple[str, ...]


def cut_words(text: str) -> list[CutWord]:
    """The words of a text in order, and last those that it joins with signs."""
    normalized = normalize(text)
    found, joined = [], []
    for run in RUN.finditer(normalized.text):
        words = words_of(run.group())
        for word in words:
            start, end = normalized.place(run.start() + word.start, run.start() + word.end)
            is_unspaced = bool(UNSPACED.match(word.text))
            atoms = atoms_of(word) if is_unspaced else [word]
            folded = tuple(fold_letters(atom.text) for atom in atoms)
            found.append(CutWord(fold_letters(word.text), start, end, folded, is_unspaced))
        if len(words) > 1:
            whole = fold_letters("".join(word.text for word in words))
            place = normalized.place(*run.span())
            joined.append(CutWord(whole, *place, (whole,), is_joined=True))
    return found + joined


def folded_words(text: str) -> str:
    """The folded words of a text: equal for queries that differ in case, accents and signs."""
    return " ".join(word.folded for word in cut_words(text) if not word.is_joined)


def match_typed(text: str, typed: Sequence[Prefixes], language: str = "") -> TypedMatch | None:
    """How `text` has all the words typed, None if it lacks one."""
    words = cut_words(text)
    plain = [word for word in words if not word.is_joined]
    for at in range(len(plain) - len(typed) + 1):
        row = [_span(text, word, wanted, language)
               for word, wanted in zip(plain[at:], typed, strict=False)]  # fmt: skip
        if all(row):
            spans = [span for span in row if span]
            return TypedMatch(False, spans[0][0], _apart(spans)) if spans else None
    spans = list[Span]()
    for wanted in typed:
        fits = (_span(text, word, wanted, language) for word in words)
        first = next(filter(None, fits), None)
        if first is None:
            return None
        spans.append(first)
    return TypedMatch(True, min(spans)[0], _apart(spans))


def _apart(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in order; those that overlap, such as of ¼ for 1 and 4, as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return tuple(found)


def _span(text: str, word: CutWord, wanted: Prefixes, language: str) -> Span | None:
    """What is typed of the word, if it fits."""
    written = text[word.start : word.end]
    for prefix in wanted:
        if word.is_unspaced:
            at = word.folded.find(prefix)
            if at >= 0 and len(word.folded) == word.end - word.start:
                return word.start + at, word.start + at + len(prefix)
            if at >= 0:
                return word.start, word.end
        elif word.folded.startswith(prefix):
            return word.start, word.start + _letters_of(written, prefix)
        elif (spelt := spelt_out(fold(written), language)) and spelt.startswith(prefix):
            return word.start, word.end
    return None


def _letters_of(written: str, prefix: str) -> int:
    """How many characters of a word as written make its folded prefix."""
    lengths = range(1, len(written))
    fits = (n for n in lengths if fold_letters(written[:n]).startswith(prefix))
    end = next(fits, len(written))
    while end < len(written) and unicodedata.category(written[end]).startswith("M"):
        end += 1  # the accent of the letter before it
    return end
