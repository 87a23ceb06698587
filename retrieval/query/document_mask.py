"""The mask of a search, narrowed by conditions on the database and on texts."""

from collections.abc import Sequence

import numpy as np
from django.db.models import QuerySet

from documents.messages import Message
from documents.models import Document
from retrieval.analysis import IDENTIFIER_MARK, fold_letters, identifier_terms
from retrieval.lexical import AnyWord, BM25Index, Bools, Hashes, Phrase, document_key, readonly
from retrieval.query.document_lookup import keys_of
from retrieval.query.filter_fields import COLLECTION
from retrieval.query.filters import Filters, column_values
from retrieval.query.parser import ParsedQuery
from retrieval.query.phrases import phrase_of
from retrieval.query.statement_timeout import StatementTimeout, TimeBudget

TOO_SLOW = Message("lookup_timeout")
MOST_FITTING = 10_000  # that a pattern may stand for


def _has_outer_sign(identifier: str) -> bool:
    """Whether a sign belongs to a name that is another word without it: C++, .NET."""
    name = identifier.removeprefix(IDENTIFIER_MARK)
    return not (name[0].isalnum() and name[-1].isalnum())


class DocumentMask:
    """A mask that each step narrows. Documents that could not be examined in time are left out;
    `incomplete` and `warnings` say so."""

    def __init__(self, filters: Filters, index: BM25Index) -> None:
        self.filters, self.index = filters, index
        self.visible = index.visible(filters.visible_columns)
        self.allowed = index.mask(filters.index_columns)
        self.warnings: list[Message] = []
        self._budget = TimeBudget()

    @property
    def incomplete(self) -> bool:
        return bool(self.warnings)

    def apply(self, query: ParsedQuery) -> None:
        """Let through what the query's operators and the database's filters let pass."""
        self._look_up(query)
        for name, values in query.without_filters.items():
            if name != COLLECTION.name:  # which the filters leave out
                excluded = self.index.mask({name: column_values(name, values)})
                self._take_out(excluded[: len(self.allowed)])
        for field in query.fields:
            self._narrow([field.text], excluded=field.excluded, field=field.field)
        for alternatives in query.required:
            self._narrow(alternatives)
        for text in query.without:
            self._narrow([text], excluded=True)

    def _look_up(self, query: ParsedQuery) -> None:
        """Let through what the database finds of metadata, dates and named documents."""
        if self.filters.needs_lookup:
            self.allowed = self.index.among(self._keys(self.filters.queryset()), self.allowed)
        if query.like:
            like = np.array([document_key(query.like)], np.uint64)
            self._take_out(self.index.among(like, self.allowed))

    def _narrow(
        self, texts: Sequence[str], *, excluded: bool = False, field: str | None = None
    ) -> None:
        """Let through documents that hold one of some words or phrases as they are written, or,
        `excluded`, those that hold none. A text without words asks for nothing."""
        masks = [found for text in texts if (found := self._holding(text, field)) is not None]
        if not masks:
            return
        holding = readonly(np.logical_or.reduce(masks))
        if excluded:
            self._take_out(holding)
        else:
            self.allowed = holding

    def _holding(self, text: str, field: str | None) -> Bools | None:
        if "*" in text:
            return self._with_pattern(fold_letters(text), field)
        phrase = phrase_of(text, self.filters.languages)
        if phrase is None:
            return None
        found = self.index.with_phrase(phrase, self.allowed, field)
        signed = [term for term in identifier_terms(text) if _has_outer_sign(term)]
        return self.index.holding(signed, within=found) if signed else found

    def _with_pattern(self, pattern: str, field: str | None) -> Bools | None:
        """Passages of documents with a word that fits, whichever: here all of them count. None for
        a pattern without a letter, which asks for nothing."""
        if not any(map(str.isalnum, pattern)):
            return None
        words = self.index.words_like(pattern)[:MOST_FITTING]
        if field is None:
            return self.index.holding([AnyWord(pattern, tuple(words))], within=self.allowed)
        one_each = Phrase(tuple((word,) for word in words))
        return self.index.with_phrase(one_each, self.allowed, field)

    def _take_out(self, mask: Bools) -> None:
        self.allowed = readonly(self.allowed & ~mask)

    def _keys(self, documents: QuerySet[Document]) -> Hashes:
        try:
            with self._budget.limit():
                return keys_of(documents)
        except StatementTimeout:
            self.warnings.append(TOO_SLOW)
            return np.empty(0, np.uint64)
