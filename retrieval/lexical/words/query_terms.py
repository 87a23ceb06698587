"""What a query looks for besides single terms: words in a row, and any of several words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.hits import Value
from retrieval.lexical.kernels import Bools, Floats


@dataclass(frozen=True, slots=True)
class Phrase:
    """Folded words that stand one after the other, in one of several ways of writing them."""

    variants: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        return "|".join('"' + " ".join(words) + '"' for words in self.variants)


@dataclass(frozen=True, slots=True)
class AnyWord:
    """Any of some folded words counts as the same term; `label` names it to people."""

    label: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"({self.label}: {'|'.join(self.words)})"


WORD_MARK = "~"  # before a folded word, among the terms of a query
QueryTerm = str | Phrase | AnyWord


@dataclass(frozen=True, slots=True)
class WeightedTerm:
    """A term whose BM25 score counts `weight` times. One that is `optional` adds to the score of
    passages that other terms have found, and finds none itself. It stands for `covers` words of the
    query, from its own on: `wifi` for both of `wi fi`. One `within` a value of a column is looked
    for in those documents alone. `synonym` is the text that brought the term, where the query has
    other words."""

    term: QueryTerm
    weight: float = 1.0
    optional: bool = False
    covers: int = 1
    within: tuple[str, Value] | None = None
    synonym: str = ""


SearchTerm = QueryTerm | WeightedTerm


def term_text(term: QueryTerm) -> str:
    """A text that stands for the term and for no other."""
    return str(term)


def plain_term(term: SearchTerm) -> QueryTerm:
    """The term without its weight."""
    return term.term if isinstance(term, WeightedTerm) else term


def weights_of(terms: Sequence[SearchTerm]) -> tuple[Floats, Bools]:
    """The weight of each term, and which are optional."""
    listed = [each if isinstance(each, WeightedTerm) else WeightedTerm(each) for each in terms]
    weights = np.array([each.weight for each in listed], np.float64)
    return weights, np.array([each.optional for each in listed], np.bool_)


def is_of_words(term: QueryTerm) -> bool:
    """Whether its postings are those of words."""
    return not isinstance(term, str) or term.startswith(WORD_MARK)


def words_in(term: QueryTerm) -> tuple[str, ...]:
    """The folded words whose postings a term is made of."""
    if isinstance(term, Phrase):
        return tuple(word for words in term.variants for word in words)
    if isinstance(term, AnyWord):
        return term.words
    return (term.removeprefix(WORD_MARK),) if term.startswith(WORD_MARK) else ()
