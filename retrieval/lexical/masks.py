"""Which passages a caller may see or a filter lets through, as booleans over passage numbers.

Nothing here needs the index's lock: views hold arrays that are never written to afterwards.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from retrieval.hits import Value
from retrieval.lexical.index_state import IndexState
from retrieval.lexical.kernels import Bools, Hashes, Ints, Longs, readonly
from retrieval.lexical.postings import IndexPart, Postings, QueryView
from retrieval.lexical.segment import Columns
from retrieval.lexical.string_table import rows, stable_hash
from retrieval.lexical.words import (
    WORD_MARK,
    FieldBounds,
    Lookup,
    Phrase,
    WordPart,
    part_of,
)

PhraseDocuments = Callable[[Phrase, Lookup, FieldBounds], Longs]  # document numbers


@dataclass(frozen=True)
class DocumentColumns:
    """All that masks are made of, of one moment: documents are numbered as passages are, first
    the snapshot's, then the segment's."""

    base: Postings
    segment: Columns
    live: Bools

    @property
    def before(self) -> int:
        """How many documents stand before the segment's."""
        return len(self.base.documents.hash)

    def column(self, name: str) -> Ints:
        """The column of this name over all documents."""
        last = self.segment.values.get(name)
        if last is None:
            last = np.full(len(self.segment.document_hash), -1, np.int32)
        return np.concatenate([self.base.documents.column(name), last])

    @classmethod
    def of(cls, store: IndexState) -> "DocumentColumns":
        """As the store is now; the caller holds the index's lock."""
        return cls(store.base, store.segment.columns, store.document_live)


def tables(store: IndexState, wanted: Mapping[str, Collection[Value]]) -> dict[str, Bools]:
    """For each column named, by code, whether a value is wanted; the last entry is for no value.

    Codes are given out as documents are added, so this alone needs the lock.
    """
    found: dict[str, Bools] = {}
    for name, values in wanted.items():
        column = store.segment.values.get(name)
        codes = column.values if column else {}
        table = np.zeros(len(codes) + 1, np.bool_)
        table[[codes[value] for value in values if value in codes]] = True
        found[name] = table
    return found


def select_documents(view: DocumentColumns, wanted: Mapping[str, Bools]) -> Bools:
    """The live documents that have a wanted value in every column named."""
    chosen = view.live.copy()
    for name, table in wanted.items():
        chosen &= table[view.column(name)]
    return readonly(chosen)


def documents_with_phrase(
    view: DocumentColumns, base: Postings, phrase: Phrase, find: PhraseDocuments
) -> Longs:
    """The documents of the snapshot that `find` finds for a phrase."""
    words = base.words
    bounds = FieldBounds(
        words.first, words.own, words.title, words.filename, view.base.passages.document
    )

    def lookup(word: str) -> WordPart | None:
        return part_of(words, stable_hash(WORD_MARK + word))

    return find(phrase, lookup, bounds)


def expand(view: DocumentColumns, documents: Bools) -> Bools:
    """A mask over documents as one over passages."""
    return readonly(
        np.concatenate(
            [
                documents[: view.before][view.base.passages.document],
                documents[view.before :][view.segment.passage_document],
            ]
        )
    )


def holding(documents: DocumentColumns, view: QueryView) -> Bools:
    """The passages of documents that hold every one of the view's terms, in whichever passages."""
    total = len(documents.live)
    chosen = np.ones(total, np.bool_)
    for term in range(len(view.idf)):
        held = np.zeros(total, np.bool_)
        for part in view.parts:
            passages = part.passage[part.starts[term] : part.ends[term]].astype(np.int64)
            numbers = passages + part.offset
            held[owners(documents, numbers[view.live[numbers]])] = True
        chosen &= held
    return expand(documents, chosen & documents.live)


def narrowed(view: QueryView, masks: Mapping[int, Bools]) -> QueryView:
    """The view with the postings of some terms, by place, reduced to the passages of masks. What
    the terms weigh is left."""
    kept, more = [], []
    for part in view.parts:
        starts, ends = part.starts.copy(), part.ends.copy()
        ends[list(masks)] = starts[list(masks)]
        kept.append(replace(part, starts=readonly(starts), ends=readonly(ends)))
        more.append(_narrowed_part(part, masks))
    return replace(view, parts=(*kept, *more))


def _narrowed_part(part: IndexPart, masks: Mapping[int, Bools]) -> IndexPart:
    """The postings of the terms that have a mask, of these alone."""
    starts, ends = np.zeros_like(part.starts), np.zeros_like(part.ends)
    passages, tf, size = [], [], 0
    for at, mask in masks.items():
        here = slice(part.starts[at], part.ends[at])
        numbers = part.passage[here].astype(np.int64) + part.offset
        inside = numbers < len(mask)  # what came later is beyond its end
        inside[inside] = mask[numbers[inside]]
        passages.append(part.passage[here][inside])
        tf.append(part.tf[here][inside])
        starts[at], ends[at] = size, size + len(passages[-1])
        size = int(ends[at])
    return IndexPart(
        passage=readonly(np.concatenate(passages)),
        tf=readonly(np.concatenate(tf)),
        starts=readonly(starts),
        ends=readonly(ends),
        length=part.length,
        offset=part.offset,
    )


def among(view: DocumentColumns, keys: Hashes) -> Bools:
    """The passages of the live documents with these keys."""
    base = view.base.documents
    chosen = np.zeros(len(view.live), np.bool_)
    found = rows(base.hash[base.order], keys)
    chosen[base.order[found[found >= 0]]] = True
    chosen[view.before :] = np.isin(view.segment.document_hash, keys)
    return expand(view, chosen & view.live)


def live_documents(view: DocumentColumns, keys: Hashes) -> Longs:
    """The number of each live document with these keys, -1 where there is none."""
    base, segment = view.base.documents, view.segment.document_hash
    at = rows(base.hash[base.order], keys)
    found = np.where(at >= 0, base.order[at], -1) if len(base.order) else at
    if len(segment):
        order = np.argsort(segment, kind="stable")
        newest = np.searchsorted(segment, keys, side="right", sorter=order) - 1
        local = order[np.maximum(newest, 0)]
        found = np.where((newest >= 0) & (segment[local] == keys), local + view.before, found)
    found[(found >= 0) & ~view.live[found]] = -1
    return found


def hashes_of_documents(view: DocumentColumns, documents: Longs) -> Hashes:
    """The key of each document by its number."""
    keys: Hashes = np.concatenate([view.base.documents.hash, view.segment.document_hash])[documents]
    return keys


def first_passages(view: DocumentColumns, documents: Longs) -> Longs:
    """The id of the first passage of each document."""
    found = np.empty(len(documents), np.int64)
    in_base = documents < view.before
    base = view.base.documents.start[documents[in_base]]
    found[in_base] = view.base.passages.id[base]
    local = documents[~in_base] - view.before
    starts = np.searchsorted(view.segment.passage_document, local)
    found[~in_base] = view.segment.passage_id[starts]
    return found


def owners(view: DocumentColumns, passages: Longs) -> Longs:
    """The number of the document that each passage number belongs to."""
    size = view.base.size
    found = np.empty(len(passages), np.int64)
    in_base = passages < size
    found[in_base] = view.base.passages.document[passages[in_base]]
    found[~in_base] = view.segment.passage_document[passages[~in_base] - size] + view.before
    return found
