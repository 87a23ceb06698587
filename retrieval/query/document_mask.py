"""The mask of a search, narrowed by conditions on the database and on texts."""

from collections.abc import Iterable

import numpy as np
from django.db.models import Q, QuerySet

from documents.messages import Message
from documents.models import Document, Passage
from retrieval.analysis import WORD, analyzed_terms
from retrieval.lexical import BM25Index, Bools, Hashes, document_key, readonly
from retrieval.query.document_lookup import keys_of
from retrieval.query.filters import Filters
from retrieval.query.phrase_lookup import holds
from retrieval.query.statement_timeout import StatementTimeout, TimeBudget

# Documents whose texts are read for one phrase, at most.
PHRASE_DOCUMENTS = 1000
TOO_SLOW = Message("lookup_timeout")
TOO_MANY = Message("too_many_phrase_candidates")


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

    def apply_lookups(self) -> None:
        """Keep the documents that the database finds by metadata, title or id."""
        if self.filters.needs_lookup:
            self.allowed = self.index.among(self._keys(self.filters.queryset()), self.allowed)
        if self.filters.like:
            like = np.array([document_key(self.filters.like)], np.uint64)
            self._take_out(self.index.among(like, self.allowed))

    def require(self, phrases: Iterable[str]) -> None:
        """Keep the documents that have each of some phrases."""
        for words in self._indexed(phrases):
            holding = self._with_every_word(words)
            if not self._is_one_word(words):
                holding = self.index.among(self._keys_in(holding, words, holds(words)), holding)
            self.allowed = holding

    def exclude(self, phrases: Iterable[str]) -> None:
        """Remove the documents that have any of some words or phrases."""
        for words in self._indexed(phrases):
            holding = self._with_every_word(words)
            if self._is_one_word(words):
                self._take_out(holding)
            else:
                without = self.index.among(self._keys_in(holding, words, ~holds(words)), holding)
                self._take_out(holding & ~without)

    def _take_out(self, mask: Bools) -> None:
        self.allowed = readonly(self.allowed & ~mask)

    def _indexed(self, phrases: Iterable[str]) -> list[str]:
        """Those that have an indexed word: stop words alone require and exclude nothing."""
        return [phrase for phrase in phrases if self._analysed(phrase)]

    def _analysed(self, words: str) -> list[list[str]]:
        """The words' terms in each language, without languages that give none."""
        return [found for each in self.filters.languages if (found := analyzed_terms(words, each))]

    def _is_one_word(self, words: str) -> bool:
        """Whether the index decides alone, as for one plain word: its inflected forms count too,
        as in a search for it."""
        return bool(WORD.fullmatch(words)) and all(len(t) == 1 for t in self._analysed(words))

    def _with_every_word(self, words: str) -> Bools:
        """Allowed passages of documents that have each of the words in any language."""
        masks = [self.index.holding(each, within=self.allowed) for each in self._analysed(words)]
        return readonly(np.logical_or.reduce(masks))

    def _keys_in(self, mask: Bools, words: str, condition: Q) -> Hashes:
        """Keys of the documents in a mask whose texts meet a condition; of too many documents,
        only the best matches are examined."""
        every = [term for each in self._analysed(words) for term in each]
        passages, documents = self.index.one_for_each_document(
            mask, PHRASE_DOCUMENTS, every, self.visible
        )
        if documents > PHRASE_DOCUMENTS:
            self.warnings.append(TOO_MANY)
        owners = Passage.objects.filter(pk__in=passages).order_by().values("document_id")
        return self._keys(Document.objects.filter(condition, pk__in=owners))

    def _keys(self, documents: QuerySet[Document]) -> Hashes:
        try:
            with self._budget.limit():
                return keys_of(documents)
        except StatementTimeout:
            self.warnings.append(TOO_SLOW)
            return np.empty(0, np.uint64)
