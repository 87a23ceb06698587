"""Correction of a query: its unknown words replaced by near known ones."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from retrieval.analysis import RUN, WORD_MARK, fold, fold_letters, stop_words_of
from retrieval.lexical import BM25Index
from retrieval.live_index import live_index
from retrieval.query import (
    DocumentMask,
    Filters,
    ParsedQuery,
    SynonymRules,
    Synonyms,
    WordIndex,
    query_terms,
    text_spans,
    with_document_languages,
)
from retrieval.suggest.spelling import spelling_suggestions as nearest

SHORT = 4  # letters: such a word has many others near it


@dataclass(frozen=True)
class Correction:
    """A query as typed, spelt better. It is `certain` if it replaces only words that no document
    which the caller may see has in any form."""

    query: str
    certain: bool


def correct_query(
    raw: str, query: ParsedQuery, filters: Filters, rules: tuple[SynonymRules, ...] = ()
) -> Correction | None:
    """The typed query with unknown words corrected to words of documents that pass `filters` and
    the exclusions of `query`, what `raw` was parsed to. None without a correction.

    Operators, exclusions and what is quoted stay as they are, and so do words that `rules` have
    synonyms for which documents have.
    """
    places = text_spans(raw)
    if not places or not filters.collections:
        return None
    index = live_index().bm25
    text = " ".join(raw[start:end] for start, end in places)
    filters = with_document_languages(filters, index)
    mask = DocumentMask(filters, index)
    by_columns = mask.allowed
    better = dict(nearest(text, index, by_columns, filters.languages))
    if not better:
        return None
    mask.apply(replace(query, required=()))  # which may be misspelt
    if mask.allowed is not by_columns:
        better = dict(nearest(text, index, mask.allowed, filters.languages))
    unknown, replaced = _unknown_words(query, filters, index, rules)
    better = {word: near for word, near in better.items() if fold_letters(word) not in replaced}
    certain = {
        word: near
        for word, near in better.items()
        if fold_letters(word) in unknown and not _is_guess(fold(word), near)
    }
    respelt = _respelt_at(raw, places, certain or better)
    return Correction(respelt, bool(certain)) if respelt != raw else None


def _unknown_words(
    query: ParsedQuery, filters: Filters, index: BM25Index, rules: tuple[SynonymRules, ...]
) -> tuple[set[str], set[str]]:
    """Folded words of the query that stand in no visible document: not as part of another word,
    joined with the next or unfinished either; and those that have synonyms."""
    visible = index.visible(filters.visible_columns)
    known = WordIndex(index, visible, filters.languages)
    synonyms = Synonyms(rules, query.written)
    words = query_terms(query.text, filters.languages, known, query.patterns, synonyms).words
    replaced = {fold_letters(w.text) for w in words if any(term.synonym for term in w.terms)}
    every = [term for word in words for term in word.terms]
    counts = iter(index.frequencies(every, visible))
    held = [sum(islice(counts, len(word.terms))) > 0 for word in words]
    folded = [fold_letters(word.text) for word in words]
    joined = index.frequencies([WORD_MARK + a + b for a, b in pairwise(folded)], visible)
    for at, count in enumerate(joined):
        held[at] |= bool(count)
        held[at + 1] |= bool(count)
    unknown = (word for word, is_held in zip(folded, held, strict=True) if not is_held)
    parts = {part for word in unknown for part in word.split("-")}
    return {part for part in parts if not _is_stop_word(part, filters.languages)}, replaced


def _is_guess(word: str, near: str) -> bool:
    """Whether a short word gets other letters: `ice` for `mice`, not `pump` for `pmup`."""
    return len(word) <= SHORT and sorted(word) != sorted(near)


def _is_stop_word(word: str, languages: Collection[str]) -> bool:
    return any(fold(word) in stop_words_of(tag) for tag in languages)


def _respelt_at(raw: str, places: Collection[tuple[int, int]], better: Mapping[str, str]) -> str:
    for start, end in sorted(places, reverse=True):  # from the end, so that places before stay
        raw = raw[:start] + _respelt(raw[start:end], better) + raw[end:]
    return raw


def _respelt(text: str, better: Mapping[str, str]) -> str:
    """The text with whole words replaced, but no parts of file names or addresses."""
    return RUN.sub(lambda run: "-".join(better.get(p, p) for p in run[0].split("-")), text)
