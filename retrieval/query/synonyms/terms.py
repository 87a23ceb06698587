"""The weighted terms of a query's synonyms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from retrieval.analysis import WORD_MARK, RunTerms, analyze_runs
from retrieval.lexical import Phrase, WeightedTerm
from retrieval.query.filter_fields import COLLECTION
from retrieval.query.phrases import MOST_VARIANTS, phrase_of
from retrieval.query.synonyms.rules import SynonymMatch, SynonymRules, synonym_matches
from retrieval.query.word_index import WordIndex

SYNONYM_WEIGHT = 0.6  # of a word that stands for one of the query
EXACT_SHARE = 0.3  # of that, for the word as the rule has it, beside its stem
MOST_INFLECTED = 12  # words of phrases in one query: each is a scan of the vocabulary


@dataclass(frozen=True)
class Synonyms:
    """The lists of rules that apply to a query, and the places of its text, in code points, that
    are meant as they are written."""

    rules: tuple[SynonymRules, ...] = ()
    written: tuple[tuple[int, int], ...] = ()


NO_SYNONYMS = Synonyms()


def synonym_terms(
    runs: Sequence[RunTerms], synonyms: Synonyms, codes: Sequence[str], index: WordIndex
) -> list[list[WeightedTerm]]:
    """For each run of a query the terms of its synonyms, as far as visible documents have them: of
    the rules of a collection, its own documents.

    A synonym of several runs is a part of each, with a share of its weight.
    """
    found: list[list[WeightedTerm]] = [[] for _ in runs]
    if not synonyms.rules:
        return found
    written = [any(a <= run.start < b for a, b in synonyms.written) for run in runs]
    matches = synonym_matches(runs, synonyms.rules, written)
    forms = _WordForms(index)
    listed = [
        (match, term)
        for match in matches
        for term in _terms(match, codes, forms)
        if not any(term.term in run.terms for run in runs[match.first : match.last + 1])
    ]
    counts = index.frequencies_within([term for _, term in listed])
    for (match, term), count in zip(listed, counts, strict=True):
        shared = replace(term, weight=term.weight / (match.last - match.first + 1))
        for at in range(match.first, match.last + 1) if count else ():
            found[at].append(shared)
    return found


class _WordForms:
    """The other forms of the first few words that are asked for."""

    def __init__(self, index: WordIndex) -> None:
        self._index = index
        self._found: dict[str, list[str]] = {}

    def of(self, word: str) -> list[str]:
        """The word, then its other forms."""
        if word not in self._found and len(self._found) < MOST_INFLECTED:
            self._found[word] = self._index.inflections(word)
        return [word, *self._found.get(word, ())]


def _terms(match: SynonymMatch, codes: Sequence[str], forms: _WordForms) -> Iterator[WeightedTerm]:
    within = None if match.scope is None else (COLLECTION.name, match.scope)
    term = WeightedTerm("", SYNONYM_WEIGHT, within=within, synonym=match.text)
    analyzed = [analyze_runs(match.text, code) for code in codes]
    if len(analyzed[0]) == 1 and analyzed[0][0].width == 1:
        own = [run for runs in analyzed for run in runs]
        for stem in dict.fromkeys(stem for run in own for stem in run.terms):
            yield replace(term, term=stem)
        for word in dict.fromkeys(word for run in own for word, _, _ in run.words):
            yield replace(term, term=WORD_MARK + word, weight=SYNONYM_WEIGHT * EXACT_SHARE)
    elif phrase := phrase_of(match.text, codes):
        yield replace(term, term=_inflected(phrase, forms))


def _inflected(phrase: Phrase, forms: _WordForms) -> Phrase:
    """With other forms of its words: general practitioners."""
    each = map(forms.of, phrase.variants[0])
    variants = dict.fromkeys([*phrase.variants, *islice(product(*each), MOST_VARIANTS)])
    return Phrase(tuple(variants)[:MOST_VARIANTS])
