"""The mask of what one search may find, narrowed by what only the database or the text knows."""

from collections.abc import Iterable

import numpy as np
from django.db.models import QuerySet

from documents.messages import Message
from documents.models import Document
from retrieval.lexical import BM25Index, Bools, Hashes, Phrase, document_key, readonly
from retrieval.query.document_lookup import LookupTimeout, keys_of
from retrieval.query.filters import Filters
from retrieval.query.phrases import phrase_of

TOO_SLOW = Message("lookup_timeout")


class DocumentMask:
    """A mask that each step narrows. What could not be looked at in time or in full is left out:
    `incomplete` and `warnings` say so."""

    def __init__(self, filters: Filters, index: BM25Index) -> None:
        self.filters, self.index = filters, index
        self.visible = index.visible(filters.visible_columns)
        self.allowed = index.mask(filters.index_columns)
        self.warnings: list[Message] = []

    @property
    def incomplete(self) -> bool:
        return bool(self.warnings)

    def apply_lookups(self) -> None:
        """Let through what the database finds of metadata, titles and named documents."""
        if self.filters.needs_lookup:
            self.allowed = self.index.among(self._keys(self.filters.queryset()), self.allowed)
        if self.filters.like:
            like = np.array([document_key(self.filters.like)], np.uint64)
            self._take_out(self.index.among(like, self.allowed))

    def require(self, phrases: Iterable[str]) -> None:
        """Let through documents that hold each of some words or phrases, as they are written."""
        for phrase in self._phrases(phrases):
            self.allowed = self.index.with_phrase(phrase, self.allowed)

    def exclude(self, phrases: Iterable[str]) -> None:
        """Take out documents that hold any of some words or phrases."""
        for phrase in self._phrases(phrases):
            self._take_out(self.index.with_phrase(phrase, self.allowed))

    def _phrases(self, texts: Iterable[str]) -> list[Phrase]:
        found = (phrase_of(text, self.filters.languages) for text in texts)
        return [phrase for phrase in found if phrase is not None]

    def _take_out(self, mask: Bools) -> None:
        self.allowed = readonly(self.allowed & ~mask)

    def _keys(self, documents: QuerySet[Document]) -> Hashes:
        try:
            return keys_of(documents)
        except LookupTimeout:
            self.warnings.append(TOO_SLOW)
            return np.empty(0, np.uint64)
