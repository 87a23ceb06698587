"""Continuations of some words in texts: phrases for autocomplete.

Nothing is stored: each call reads a sample of passages that the caller may see.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

WORD = r"[^\W_]+(?:['\u2019-][^\W_]+)*"
# Within a line, or from one line of a paragraph to the next.
GAP = r"(?:[^\S\n]+\n?[^\S\n]*|\n[^\S\n]*)"
FOLLOWING = 4  # words read
CONTENT = 2  # words that are no stop words, at most in a phrase
MOST = 0.7
BEFORE = 60  # characters read before the last word

_WORDS = re.compile(WORD)
_REST = re.compile(rf"{WORD}(?:{GAP}{WORD}){{0,{FOLLOWING - 1}}}")
_GAP = re.compile(GAP)


def continuations(
    texts: Iterable[str], before: Sequence[str], prefix: str, stop_words: Collection[str]
) -> list[str]:
    """The phrases that follow the words `before` and begin with `prefix`, most frequent first.

    Without words before, phrases begin with `prefix` and have further words. Words and prefix are
    folded. If the words occur nowhere in this order, their last ones decide. A phrase ends with a
    word that is no stop word. A longer phrase replaces a shorter one if it occurs in most of the
    texts of the shorter. Equal texts count once.
    """
    found: dict[int, Counter[tuple[str, ...]]] = {}
    for text in {text.lower() for text in texts}:
        seen = {
            (_agreeing(text[max(0, at - BEFORE) : at], before), phrase)
            for at, rest in _places(text, before[-1] if before else "", prefix)
            for phrase in _phrases(rest, 1 if before else 2, stop_words)
        }
        for agreeing, phrase in seen:
            found.setdefault(agreeing, Counter())[phrase] += 1
    return [" ".join(phrase) for phrase in _likeliest(found[max(found)])] if found else []


def _places(text: str, word: str, prefix: str) -> Iterator[tuple[int, str]]:
    """The offsets of `word`, or else `prefix`, in the text, with the words that then begin with
    `prefix`. Without a regular expression: compiling one takes longer than the search."""
    sought = word or prefix
    at = text.find(sought)
    while at >= 0:
        start: int | None = at
        if at and text[at - 1].isalnum():
            start = None
        elif word:
            gap = _GAP.match(text, at + len(word))
            start = gap.end() if gap else None
        rest = None if start is None else _REST.match(text, start)
        if rest and rest.group().startswith(prefix):
            yield at, rest.group()
        at = text.find(sought, at + 1)


def _agreeing(earlier: str, before: Sequence[str]) -> int:
    """How many words before the last one occur in the text as typed."""
    there = reversed(_WORDS.findall(earlier))
    count = 0
    for typed, word in zip(reversed(before[:-1]), there, strict=False):
        if typed != word:
            break
        count += 1
    return count


def _phrases(rest: str, least: int, stop_words: Collection[str]) -> Iterator[tuple[str, ...]]:
    """The beginnings of at least so many words that do not end with a stop word."""
    words = tuple(_WORDS.findall(rest))
    telling = [
        at
        for at, word in enumerate(words, start=1)
        if len(word) > 1 and word not in stop_words and not word.isdigit() and at >= least
    ]
    yield from (words[:at] for at in telling[:CONTENT])


def _likeliest(counts: Counter[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Of a phrase and a longer one that begins with it, the likelier one or both."""
    often = max(counts.values()) > 1
    longer = {phrase for phrase in counts for at in range(1, len(phrase)) if phrase[:at] in counts}
    kept = {phrase for phrase in counts if phrase not in longer or counts[phrase] > 1 or not often}
    replaced = {
        phrase[:at]
        for phrase in kept & longer
        for at in range(1, len(phrase))
        if often and counts[phrase] >= MOST * counts[phrase[:at]]
    }
    return sorted(kept - replaced, key=lambda phrase: (-counts[phrase], len(phrase), phrase))
