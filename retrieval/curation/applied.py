"""What applies to one search of one caller.

It is read with the collections that the caller may see, in the same statement, so that each search
has the present rules of these and of no others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from uuid import UUID

import numpy as np
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, QuerySet, Subquery

from documents.models import Collection
from retrieval.curation.pins import pinned_form
from retrieval.curation.synonym_lists import rules_of
from retrieval.hits import Value
from retrieval.lexical import BM25Index, document_key
from retrieval.models import Pin, SynonymList
from retrieval.query import COLLECTION, SynonymRules


@dataclass(frozen=True)
class Curation:
    """The lists of synonyms for a search, the ids of the documents pinned for its query, in order,
    and the `version` of both, which is another one after every change."""

    rules: tuple[SynonymRules, ...] = ()
    pinned: tuple[str, ...] = ()
    version: tuple[str, ...] = ()


NO_CURATION = Curation()


def curated_collections(collections: "QuerySet[Collection]", query: str) -> list[Collection]:
    """The collections with what `curation_of` reads of them."""
    installation = SynonymList.objects.filter(collection=None).values("version")[:1]
    pins = Pin.objects.filter(query=pinned_form(query)).order_by("position", "pk")
    return list(
        collections.annotate(
            own_synonyms=F("synonyms__version"),
            installation_synonyms=Subquery(installation),
            pinned=ArraySubquery(pins.values("document")),  # wherever they are
        )
    )


def curation_of(collections: Sequence[Collection], index: BM25Index) -> Curation:
    """What applies to a search in collections that come from `curated_collections`. Documents are
    pinned that `index` has in these, so that a slow table of documents holds nothing up."""
    versions = list(dict.fromkeys(_versions(collections)))
    documents = list(map(str, collections[0].pinned if collections else ()))  # type: ignore[attr-defined]
    numbers = index.live_documents(np.array([document_key(pk) for pk in documents], np.uint64))
    seen = {COLLECTION.name: frozenset[Value](row.pk for row in collections)}
    there = numbers >= 0
    there[there] = index.documents_pass(numbers[there], seen)
    pinned = tuple(compress(documents, there.tolist()))
    return Curation(tuple(rules_of(versions)), pinned, (*sorted(map(str, versions)), *pinned))


def _versions(collections: Iterable[Collection]) -> Iterable[UUID]:
    for row in collections:
        for version in (row.installation_synonyms, row.own_synonyms):  # type: ignore[attr-defined]
            if version is not None:
                yield version
