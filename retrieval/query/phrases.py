"""The words of a quoted text in all the ways in which they may be written."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from retrieval.analysis import RunTerms, analyze_runs, language_code
from retrieval.lexical import Phrase

MOST_VARIANTS = 24

Words = tuple[str, ...]


def phrase_of(text: str, languages: Iterable[str]) -> Phrase | None:
    """The phrase that a quoted text stands for, None where it has no words.

    A document that writes a word of it apart, joined, or with other letters (`Wi-Fi`, `wifi`;
    `Müller`, `Mueller`) holds the phrase as well.
    """
    codes = dict.fromkeys(map(language_code, languages)) or {"": None}
    found: dict[Words, None] = {}
    for code in codes:
        for words in _variants(analyze_runs(text, code)):
            found[words] = None
    return Phrase(tuple(found)[:MOST_VARIANTS]) if found else None


def _variants(runs: Sequence[RunTerms]) -> Iterator[Words]:
    """As it is typed, then with one run or one pair of runs written in another way."""
    forms = [_forms(run) for run in runs]
    if not all(forms):
        forms = [each for each in forms if each]
    if not forms:
        return
    usual = [each[0] for each in forms]
    yield _flat(usual)
    for at, each in enumerate(forms):
        for other in each[1:]:
            yield _flat([*usual[:at], other, *usual[at + 1 :]])
    for at, (left, right) in enumerate(pairwise(usual)):
        yield _flat([*usual[:at], ("".join((*left, *right)),), *usual[at + 2 :]])
    yield _flat([each[-1] for each in forms])


def _forms(run: RunTerms) -> list[Words]:
    """The ways of writing a run: part by part, and joined."""
    parts = [
        list(dict.fromkeys(word for word, at, width in run.words if at == place and width == 1))
        for place in range(run.width)
    ]
    joined = [(word,) for word, _, width in run.words if width == run.width and run.width > 1]
    apart = [tuple(each[0] for each in parts)] if all(parts) else []
    spelt = [(word,) for each in parts[:1] if run.width == 1 for word in each[1:]]
    return list(dict.fromkeys([*apart, *spelt, *joined]))


def _flat(runs: Iterable[Words]) -> Words:
    return tuple(word for words in runs for word in words)
