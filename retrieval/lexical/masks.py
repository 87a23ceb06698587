"""Which chunks a caller may see or a filter lets through, as booleans over chunk numbers."""

from collections import OrderedDict
from collections.abc import Collection, Hashable

import numpy as np

from retrieval.lexical.kernels import Bools, frozen
from retrieval.lexical.postings import rows, stable_hash
from retrieval.lexical.store import Store, View

_KEPT = 32  # masks, of one byte per chunk each


class Masks:
    """Masks made lately, for one generation of the index."""

    def __init__(self) -> None:
        self._generation = -1
        self._kept: OrderedDict[Hashable, Bools] = OrderedDict()

    def get(self, generation: int, key: Hashable) -> Bools | None:
        """The mask kept under `key`, if the index has not changed since."""
        if generation != self._generation:
            self._kept.clear()
            self._generation = generation
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def keep(self, key: Hashable, mask: Bools) -> Bools:
        """Keep a mask of the generation last asked for."""
        self._kept[key] = mask
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return mask


def select(
    store: Store,
    collections: Collection[int] | None,
    types: Collection[str] | None,
    documents: Collection[str] | None,
    not_documents: Collection[str] | None,
) -> Bools:
    """The chunks of live documents that fit every argument given; None lets all through."""
    base, more = store.base.documents, store.segment.columns
    chosen = store.document_live.copy()
    if collections is not None:
        column = np.concatenate([base.collection, more.collection])
        chosen &= np.isin(column, np.array(sorted(collections), np.int64))
    if types is not None:
        codes = [store.segment.types[name] for name in types if name in store.segment.types]
        chosen &= np.isin(np.concatenate([base.type, more.type]), np.array(codes, np.int32))
    if documents is not None:
        chosen &= _among(store, documents)
    if not_documents is not None:
        chosen &= ~_among(store, not_documents)
    return expand(store, chosen)


def expand(store: Store, documents: Bools) -> Bools:
    """A mask over documents as one over chunks."""
    before = len(store.base.documents.hash)
    return frozen(
        np.concatenate(
            [
                documents[:before][store.base.chunks.document],
                documents[before:][store.segment.columns.chunk_document],
            ]
        )
    )


def holding(store: Store, view: View) -> Bools:
    """The chunks of documents that hold every one of the view's terms, in whichever chunks."""
    total = len(store.document_live)
    chosen = np.ones(total, np.bool_)
    owners = (store.base.chunks.document, store.segment.columns.chunk_document)
    for term in range(len(view.idf)):
        held = np.zeros(total, np.bool_)
        for part, owner in zip(view.parts, owners, strict=False):
            chunks = part.chunk[part.starts[term] : part.ends[term]]
            shift = len(store.base.documents.hash) if part.offset or owner is owners[1] else 0
            held[owner[chunks[view.live[chunks + part.offset]]] + shift] = True
        chosen &= held
    return expand(store, chosen & store.document_live)


def _among(store: Store, documents: Collection[str]) -> Bools:
    wanted = np.array([stable_hash(str(name)) for name in documents], np.uint64)
    base = store.base.documents
    chosen = np.zeros(len(store.document_live), np.bool_)
    found = rows(base.hash[base.order], wanted)
    chosen[base.order[found[found >= 0]]] = True
    later = [store.documents[key] for key in wanted.tolist() if key in store.documents]
    chosen[later] = True
    return chosen
