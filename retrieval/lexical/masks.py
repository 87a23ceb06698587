"""Which chunks a caller may see or a filter lets through, as booleans over chunk numbers."""

from collections import OrderedDict
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from retrieval.lexical.kernels import Bools, frozen
from retrieval.lexical.postings import TRAITS, rows, stable_hash
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


@dataclass(frozen=True)
class Selection:
    """What a mask lets through: chunks of documents that fit each of these; None fits all."""

    collections: frozenset[int] | None = None
    types: frozenset[str] | None = None
    languages: frozenset[str] | None = None
    years: frozenset[int] | None = None
    documents: frozenset[str] | None = None
    not_documents: frozenset[str] | None = None

    @classmethod
    def of(cls, *given: Collection[Any] | None) -> "Selection":
        """From any collections, in the order of the fields."""
        return cls(*(None if values is None else frozenset(values) for values in given))


def select(store: Store, wanted: Selection) -> Bools:
    """The chunks of live documents that fit."""
    segment = store.segment
    parts = store.base.documents, segment.columns
    codes: dict[str, Collection[int] | None] = {
        "collection": wanted.collections,
        "type": _codes(wanted.types, segment.types),
        "language": _codes(wanted.languages, segment.languages),
        "year": wanted.years,
    }
    chosen = store.document_live.copy()
    for name in TRAITS:
        if (values := codes[name]) is not None:
            column = np.concatenate([getattr(part, name) for part in parts])
            chosen &= np.isin(column, np.array(sorted(values), column.dtype))
    if wanted.documents is not None:
        chosen &= _among(store, wanted.documents)
    if wanted.not_documents is not None:
        chosen &= ~_among(store, wanted.not_documents)
    return expand(store, chosen)


def _codes(names: Collection[str] | None, codes: Mapping[str, int]) -> Collection[int] | None:
    return None if names is None else [codes[name] for name in names if name in codes]


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
