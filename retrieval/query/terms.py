"""From the words of a query to the weighted terms that the lexical retriever looks for.

A word is looked for by its stems, its own form, and the forms in which others write it (joined or
apart, as part of a compound, unfinished). Weights were settled by `manage.py evaluate`
(docs/ranking.md).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from retrieval.analysis import (
    IDENTIFIER_MARK,
    WORD_MARK,
    RunTerms,
    analyze_runs,
    fold,
    fold_letters,
    language_code,
    stop_words_of,
)
from retrieval.hits import Value
from retrieval.lexical import AnyWord, Phrase, SearchTerm, WeightedTerm
from retrieval.query.synonyms import NO_SYNONYMS, Synonyms, synonym_terms
from retrieval.query.word_index import WordIndex

EXACT_WEIGHT = 0.3  # of the word as it is typed, beside its stem
STOP_WORD_WEIGHT = 0.3  # of a function word beside words that tell more
SOLID_WEIGHT = 0.5  # of `wifi` for `Wi-Fi`, where more documents write it so
JOINED_WEIGHT = 0.2  # of `boundarylayer` for `boundary-layer`, whose parts are common words
APART_WEIGHT = 0.8  # of `page number` for `pagenumber` that stands nowhere
ALSO_APART_WEIGHT = 0.4  # of `back up` beside `backup`
COMPOUND_WEIGHT = 0.4  # of `Krankenversicherung` for `Versicherung`
PREFIX_WEIGHT = 0.8  # of `quarantine` for an unfinished `quaran`
LEAST_PART = 2  # letters of a word that another may be joined of
LONGEST_APART = 40  # letters of what is taken apart
FEW_WORDS = 4  # of a query whose known words are taken apart, too
LEAST_PREFIX = 3
LEAST_COMPOUND = 5
MOST_EXPANDED = 16  # first words of a query that are taken apart or looked for in compounds
MOST_PREFIXED = 50  # words that an unfinished one may stand for
MOST_FITTING = 500  # words that a pattern may stand for


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word of the query, or what it joins, with all terms that stand for it."""

    text: str
    terms: tuple[WeightedTerm, ...]

    @property
    def is_optional(self) -> bool:
        """Whether it only adds to what other words have found."""
        return all(term.optional for term in self.terms)


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """The words of a query in order, and what it requires in a row, of which they are a part."""

    words: tuple[QueryWord, ...] = ()
    phrases: tuple[Phrase, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def search(self) -> tuple[SearchTerm, ...]:
        """What the index is asked for: stems and identifiers first, optional terms last, each of
        these once."""
        return tuple(term for term, _ in self._in_order)

    @property
    def search_words(self) -> tuple[range, ...]:
        """Of each term in `search` the places of the words that it stands for, none of what only
        adds to others."""
        last = len(self.words)
        return tuple(
            range(0 if term.optional else at, 0 if term.optional else min(at + term.covers, last))
            for term, at in self._in_order
        )

    @property
    def _in_order(self) -> list[tuple[WeightedTerm, int]]:
        every = [(term, at) for at, word in enumerate(self.words) for term in word.terms]
        finding = [pair for pair in every if not pair[0].optional]
        adding: dict[SearchTerm, WeightedTerm] = {}
        for term, _ in every:
            if term.optional:
                before = adding[term.term].weight if term.term in adding else 0
                adding[term.term] = replace(term, weight=before + term.weight)
        finding.sort(key=lambda pair: _is_of_words(pair[0]))
        return [*finding, *((term, 0) for term in adding.values())]

    def for_document(self, column: str, value: Value) -> "QueryTerms":
        """Those that are looked for in a document with this value of a column."""
        words = (
            replace(word, terms=tuple(t for t in word.terms if t.within in (None, (column, value))))
            for word in self.words
        )
        return replace(self, words=tuple(words))

    @property
    def plain(self) -> tuple[str, ...]:
        """Stems, identifiers and words alone, without weights."""
        found = (term.term for word in self.words for term in word.terms)
        return tuple(term for term in found if isinstance(term, str))


def _is_of_words(term: WeightedTerm) -> bool:
    return not isinstance(term.term, str) or term.term.startswith(WORD_MARK)


def query_terms(
    text: str,
    languages: Iterable[str],
    index: WordIndex,
    patterns: Sequence[str] = (),
    synonyms: Synonyms = NO_SYNONYMS,
) -> QueryTerms:
    """The terms of a query's text, analysed once for each language.

    Identifiers and folded words, which have no language, count once. Function words are optional
    unless nothing else can be found. A pattern stands beside the word that it is without its `*`.
    A word with a synonym that documents have is not taken for an unknown one.
    """
    codes = list(dict.fromkeys(map(language_code, languages))) or [""]
    analyzed = [analyze_runs(text, code) for code in codes]
    runs = [_Run(versions, codes) for versions in zip(*analyzed, strict=True)]
    _know(runs, index)
    found = synonym_terms(analyzed[0], synonyms, codes, index)
    for run, terms in zip(runs, found, strict=True):
        run.has_synonyms = bool(terms)
    words = [_word(runs[at:], index, expand=at < MOST_EXPANDED) for at in range(len(runs))]
    _join_neighbours(runs, words, index)
    _take_apart(runs, words, index)
    if words and runs[-1].is_unknown and _ends_alone(text, runs[-1]):
        words[-1] = _with(words[-1], _unfinished(runs[-1], index))
    for pattern in patterns:
        _add_pattern(fold_letters(pattern), runs, words, index)
    telling = [run for run in runs if not run.is_stop and not run.is_unknown]
    if not telling:
        words = [_required(word) for word in words]
    words = [_with(word, terms) for word, terms in zip(words, found, strict=True)]
    return QueryTerms(tuple(word for word in words if word.terms))


class _Run:
    """A run of the query as each language analyses it."""

    def __init__(self, versions: Sequence[RunTerms], codes: Sequence[str]) -> None:
        first = versions[0]
        self.text, self.start, self.end = first.text, first.start, first.end
        self.stems = list(dict.fromkeys(term for run in versions for term in run.terms))
        self.words = list(dict.fromkeys(form for run in versions for form in run.words))
        self.parts = [word for word, at, width in first.words if width == 1][: first.width]
        self.width = first.width
        self.folded = fold_letters(self.text)
        self.is_stop = not any(term.startswith(IDENTIFIER_MARK) for term in self.stems) and any(
            fold(self.text) in stop_words_of(code) for code in codes
        )
        self.cuts = () if self.is_stop or self.width > 1 else tuple(_cuts(self.folded, codes))
        self.counts: dict[str, int] = {}
        self.has_synonyms = False  # that documents have

    @property
    def every(self) -> list[str]:
        """All terms of it that are single."""
        return [*self.stems, *(WORD_MARK + word for word, _, _ in self.words)]

    @property
    def is_name(self) -> bool:
        """Whether it is one thing, however it is written, and not words of prose: `ERR-4711`."""
        return any(term.startswith(IDENTIFIER_MARK) for term in self.stems)

    @property
    def is_unknown(self) -> bool:
        """Whether nothing that is visible has it, or a synonym, in any form."""
        return not (self.has_synonyms or any(self.counts.values()))


def _cuts(word: str, codes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Where a word may be written in two. A function word does not begin one: `in form` is not
    `inform`."""
    if not word.isalpha() or len(word) > LONGEST_APART:
        return
    for at in range(LEAST_PART, len(word) - LEAST_PART + 1):
        if not any(word[:at] in stop_words_of(code) for code in codes):
            yield word[:at], word[at:]


def _know(runs: Sequence[_Run], index: WordIndex) -> None:
    every = list(dict.fromkeys(term for run in runs for term in run.every))
    counts = dict(zip(every, index.frequencies(every), strict=True))
    for run in runs:
        run.counts = {term: counts[term] for term in run.every}


def _word(runs: Sequence[_Run], index: WordIndex, expand: bool) -> QueryWord:
    """The first run by itself, with the forms that join it with those behind it."""
    run = runs[0]
    terms = [WeightedTerm(stem) for stem in run.stems]
    for form, _, width in run.words:
        if run.is_stop:
            terms.append(WeightedTerm(WORD_MARK + form, STOP_WORD_WEIGHT, optional=True))
        elif width >= run.width:
            weight = EXACT_WEIGHT if width == 1 else _joined_weight(form, [run], index)
            ends = accumulate(each.width for each in runs)
            covers = 1 + sum(end < width for end in ends)
            terms.append(WeightedTerm(WORD_MARK + form, weight, covers=covers))
    if run.width > 1 and len(run.parts) == run.width:
        weight = SOLID_WEIGHT if run.is_name else JOINED_WEIGHT
        terms.append(WeightedTerm(Phrase((tuple(run.parts),)), weight))
    word = QueryWord(run.text, tuple(terms))
    if run.is_stop or run.width > 1 or not expand:
        return word
    return _with(word, _compounds(run, index))


def _joined_weight(joined: str, runs: Sequence[_Run], index: WordIndex) -> float:
    """Of a form that joins words, beside the stems of these.

    It counts as a word of its own in names (`ERR4711`, `16 GB`), and where more passages have it
    than have its parts in a row (`cooperative`). Where some write a hyphen between common words
    (`boundary-layer`), it tells little that the stems do not.
    """
    parts = tuple(part for run in runs for part in run.parts)
    if len(runs) > 1 and any(map(str.isdigit, parts)):
        return 1.0
    if any(run.is_name for run in runs):
        return SOLID_WEIGHT
    together, apart = index.frequencies([WORD_MARK + joined, Phrase((parts,))])
    return SOLID_WEIGHT if together > apart else JOINED_WEIGHT


def _with(word: QueryWord, more: Iterable[WeightedTerm]) -> QueryWord:
    return replace(word, terms=(*word.terms, *more))


def _required(word: QueryWord) -> QueryWord:
    terms = (replace(term, weight=1.0, optional=False) if term.optional else term
             for term in word.terms)  # fmt: skip
    return replace(word, terms=tuple(terms))


def _join_neighbours(runs: Sequence[_Run], words: list[QueryWord], index: WordIndex) -> None:
    """Add to a word what it makes with the next, where documents write both as one."""
    pairs = [
        (at, WORD_MARK + left.folded + right.folded)
        for at, (left, right) in enumerate(pairwise(runs))
        if right.start == left.end + 1 and left.folded.isalnum() and right.folded.isalnum()
    ]
    counts = index.frequencies([term for _, term in pairs])
    for (at, term), count in zip(pairs, counts, strict=True):
        if count:
            weight = _joined_weight(term.removeprefix(WORD_MARK), runs[at : at + 2], index)
            words[at] = _with(words[at], [WeightedTerm(term, weight, covers=2)])


def _add_pattern(
    pattern: str, runs: Sequence[_Run], words: list[QueryWord], index: WordIndex
) -> None:
    """Add the words that fit a pattern to the run that it is of."""
    fitting = index.fitting(pattern, MOST_FITTING)
    for at, run in enumerate(runs):
        if run.folded == pattern.replace("*", "") and fitting:
            words[at] = _with(words[at], [WeightedTerm(AnyWord(pattern, tuple(fitting)))])
            run.counts[pattern] = len(fitting)


def _take_apart(runs: Sequence[_Run], words: list[QueryWord], index: WordIndex) -> None:
    """Add to a word what documents write in two: `back up` for `backup`. Of a long query only words
    that stand nowhere as they are: the others are enough to find what it is about."""
    cuts = {
        at: run.cuts
        for at, run in enumerate(runs[:MOST_EXPANDED])
        if run.cuts and (run.is_unknown or len(runs) <= FEW_WORDS)
    }
    counts = index.frequencies([Phrase(pairs) for pairs in cuts.values()])
    for (at, pairs), count in zip(cuts.items(), counts, strict=True):
        if count:
            each = index.frequencies([Phrase((pair,)) for pair in pairs])
            found = tuple(pair for pair, held in zip(pairs, each, strict=True) if held)
            weight = APART_WEIGHT if runs[at].is_unknown else ALSO_APART_WEIGHT
            words[at] = _with(words[at], [WeightedTerm(Phrase(found), weight)])


def _compounds(run: _Run, index: WordIndex) -> Iterator[WeightedTerm]:
    """Words of the documents that are put together with this one."""
    if len(run.folded) < LEAST_COMPOUND or not run.folded.isalpha():
        return
    if compounds := index.compounds(run.folded):
        yield WeightedTerm(AnyWord(f"…{run.folded}…", tuple(compounds)), COMPOUND_WEIGHT)


def _ends_alone(text: str, run: _Run) -> bool:
    """Whether the text ends with this run, which nothing joins to what is before it."""
    return not text[run.end :].strip() and not text[: run.start][-1:].strip()


def _unfinished(run: _Run, index: WordIndex) -> Iterator[WeightedTerm]:
    """Words that begin with the last one of the query, which is perhaps still being typed."""
    if len(run.folded) < LEAST_PREFIX or not run.folded.isalnum():
        return
    if words := index.beginning(run.folded, MOST_PREFIXED):
        yield WeightedTerm(AnyWord(f"{run.folded}*", tuple(words)), PREFIX_WEIGHT)
