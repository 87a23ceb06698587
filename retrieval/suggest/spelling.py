"""Spelling corrections: words of a query that no visible passage has, and near ones that it has."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from retrieval.analysis import RUN, analyzed_terms, fold, language_code
from retrieval.lexical import BM25Index, Bools, Vocabulary

# A word that is known, but seldom, is held for a slip that somebody else made too when a word one
# edit away is so many times as common.
SELDOM = 2
FAR_COMMONER = 20
# Words of a query that near ones are looked for, at most: each search goes through the vocabulary.
MOST_WORDS = 16
SHORT = 3  # letters: a prefix that has too many others near it
LONG = 8  # letters of a prefix in which two edits are mended
MOST_NEAR = 40


def spelling_suggestions(
    text: str, index: BM25Index, allowed: Bools | None, languages: Iterable[str]
) -> list[tuple[str, str]]:
    """Pairs of a word of `text`, as typed, and its replacement, folded.

    A word is replaced when no allowed passage holds it, in any form, in any of the languages; the
    replacement stands in an allowed passage. So is one that hardly any passage holds, by a word one
    edit away that is far commoner: documents have their slips too. Each word is judged by itself:
    one without a near neighbour stays, and the others are still mended. Stop words, identifiers
    and words with digits are left as they are, and so are those after the first MOST_WORDS that
    would be replaced.
    """
    vocabularies = [index.vocabulary(language_code(tag), allowed) for tag in languages]
    found: list[tuple[str, str]] = []
    for word, known in islice(_seldom_words(text, vocabularies), MOST_WORDS):
        near = [better for each in vocabularies if (better := _nearest(fold(word), each))]
        if near and (not known or _is_likelier(min(near), known)):
            found.append((word, min(near).text))
    return found


def _seldom_words(text: str, vocabularies: Sequence[Vocabulary]) -> Iterator[tuple[str, int]]:
    """Words of the text that hardly any visible passage holds, each with how many do."""
    for word in _plain_words(text):
        known = max((_held(word, each) for each in vocabularies), default=SELDOM + 1)
        if known <= SELDOM:
            yield word, known


def _is_likelier(near: "_Candidate", known: int) -> bool:
    commoner = -near.minus_count >= FAR_COMMONER * known
    return near.edits == 1 and not near.starts_otherwise and commoner


def _plain_words(text: str) -> list[str]:
    """Each word of letters alone once; compounds with hyphens by their parts."""
    parts = [part for run in RUN.findall(text) for part in _parts(run)]
    return list(dict.fromkeys(parts))


def _parts(run: str) -> list[str]:
    parts = run.split("-")
    return parts if all(part.isalpha() for part in parts) else []


def _held(word: str, vocabulary: Vocabulary) -> int:
    """How many visible passages have the word in any form; more than SELDOM for a stop word."""
    found = [vocabulary.holding(term) for term in analyzed_terms(word, vocabulary.language)]
    return min(found, default=SELDOM + 1)


def is_mendable(prefix: str) -> bool:
    """Whether near prefixes of a word may be guessed."""
    return len(prefix) > SHORT and prefix.isalpha()


def words_near_prefix(prefix: str, words: Sequence[str]) -> list[str]:
    """Those of the words that begin with the letters of `prefix` but for an edit, or two of a long
    one; the nearest first, MOST_NEAR at most."""
    cutoff = 1 + (len(prefix) >= LONG)
    nearest: dict[str, float] = {}
    for length in range(len(prefix) - 1, len(prefix) + 2):
        starts = [word[:length] for word in words]
        found = process.extract(
            prefix, starts, scorer=OSA.distance, processor=None, score_cutoff=cutoff, limit=None
        )
        for _, edits, at in found:
            nearest[words[at]] = min(edits, nearest.get(words[at], edits))
    return sorted(nearest, key=lambda word: (nearest[word], word))[:MOST_NEAR]


class _Candidate(NamedTuple):
    """In order of preference: edits, first letter, commonness."""

    edits: int
    starts_otherwise: bool
    minus_count: int
    text: str


def _nearest(word: str, vocabulary: Vocabulary) -> _Candidate | None:
    """The visible word fewest edits away (insert, delete, replace, swap neighbours); at two edits
    one with the same first letter, which hardly anybody mistypes."""
    furthest = _tolerance(word)
    if not furthest:
        return None
    scored = process.extract(
        word,
        vocabulary.similar(word, furthest),
        scorer=OSA.distance,
        processor=None,
        score_cutoff=furthest,
        limit=None,
    )
    for distance in range(1, furthest + 1):
        near = [
            _Candidate(edits, text[0] != word[0], -vocabulary.count(text), text)
            for text, edits, _ in scored
            if edits == distance and (edits == 1 or text[0] == word[0])
        ]
        visible = [candidate for candidate in near if candidate.minus_count]
        if visible:
            return min(visible)
    return None


def _tolerance(word: str) -> int:
    """Edits to allow, as search engines commonly do: more would guess, not mend."""
    if len(word) < 3:
        return 0
    return 1 if len(word) < 6 else 2
