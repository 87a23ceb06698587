"""How strong a match is, in a word that a person can read.

Scores order one list; they say nothing across lists, since each is relative to its own best. What
does is the cosine of query and passage, and how many of the query's words the passage holds. The
thresholds were read off a dozen queries on the sample documents with all-MiniLM-L6-v2 (passages
that answer a question lie at .4 and above, those on another subject below .3), not calibrated.
"""

from collections.abc import Iterable

STRONG, GOOD, WEAK = "strong", "good", "weak"
STRONG_COSINE = 0.5  # by meaning alone
BACKED_STRONG_COSINE = 0.4  # with half of the words
GOOD_COSINE = 0.35  # by meaning alone
BACKED_GOOD_COSINE = 0.15  # with most of the words
HALF, MOST, ALL = 0.5, 0.6, 1.0


def strength(cosine: float | None, share: float, identifiers: int = 0) -> str:
    """STRONG, GOOD or WEAK. `cosine` is None where meaning was not compared; `share` is that of
    the query's words which the passage holds, from 0 to 1; an exact identifier held is strong."""
    if identifiers:
        return STRONG
    if cosine is None:
        return GOOD if share >= HALF else WEAK
    if cosine >= STRONG_COSINE or (cosine >= BACKED_STRONG_COSINE and share >= HALF):
        return STRONG
    backed = cosine >= BACKED_GOOD_COSINE and share >= MOST
    return GOOD if cosine >= GOOD_COSINE or backed or share >= ALL else WEAK


def share_held(asked: Iterable[str], held: Iterable[str]) -> float:
    """The share of distinct terms held, in the language in which it is greatest."""
    by_language: dict[str, list[bool]] = {}
    there = frozenset(held)
    for term in dict.fromkeys(asked):
        by_language.setdefault(term.partition(":")[0], []).append(term in there)
    return max((sum(found) / len(found) for found in by_language.values()), default=0.0)
