"""Did you mean: words that no visible chunk holds, and the nearest that one does."""

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from retrieval.analysis import EXACT, language_code, terms_and_surfaces
from retrieval.kernels import Bools
from retrieval.lexical import BM25Index
from retrieval.tokenising import fold
from retrieval.vocabulary import Vocabulary


def suggest(
    words: Sequence[str], index: BM25Index, allowed: Bools | None, language: str
) -> list[tuple[str, str]]:
    """Pairs of a word of the query, as typed, and its replacement, folded.

    A word is replaced when no allowed chunk holds it in any form; the replacement stands in an
    allowed chunk. Stop words, identifiers and words with digits are left as they are.
    """
    vocabulary = index.vocabulary(language_code(language), allowed)
    found: list[tuple[str, str]] = []
    for word in dict.fromkeys(words):
        terms, surfaces = terms_and_surfaces(word, language)
        if len(terms) != 1 or terms[0].startswith(EXACT) or not fold(word).isalpha():
            continue
        if not vocabulary.holds(terms[0]) and (better := _nearest(surfaces[0], vocabulary)):
            found.append((word, better))
    return found


def _nearest(word: str, vocabulary: Vocabulary) -> str | None:
    """The visible word fewest edits away (insert, delete, replace, swap neighbours).

    Among those as near, one with the same first letter, then the one in most chunks.
    """
    furthest = _tolerance(word)
    if not furthest:
        return None
    near = process.extract(
        word,
        vocabulary.similar(word, furthest),
        scorer=OSA.distance,
        processor=None,
        score_cutoff=furthest,
        limit=None,
    )
    for distance in range(1, furthest + 1):
        counted = [(text, vocabulary.count(text)) for text, edits, _ in near if edits == distance]
        visible = [(text[0] != word[0], -count, text) for text, count in counted if count]
        if visible:
            return str(min(visible)[2])
    return None


def _tolerance(word: str) -> int:
    """Edits to allow, as search engines commonly do: more would guess, not mend."""
    if len(word) < 3:
        return 0
    return 1 if len(word) < 6 else 2
