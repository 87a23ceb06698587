"""The facet values of documents, as columns over them: from the lexical index, which follows the
database, and for what the index does not have, such as fields of the metadata, from the database.
"""

import json
from collections import Counter
from collections.abc import Collection as Values
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import F, Func, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from documents.metadata import metadata_values
from documents.models import Collection, Document
from retrieval.lexical import BM25Index, Bools, Ints, Longs
from retrieval.query import (
    COLLECTION,
    METADATA,
    SearchRequest,
    columns,
    expression_of,
    field_of,
)

METADATA_PREFIX = f"{METADATA.name}."
MOST_FIELDS = 8  # of metadata that are facets of one list

FacetChoice = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class FacetColumn:
    """The values of one facet: of each document the place of its own in `values`, or -1. They are
    texts, and several where a field of the metadata has a list."""

    codes: Ints
    values: Sequence[tuple[str, ...]]

    def having(self, chosen: Values[str]) -> Bools:
        """The documents that have one of these values."""
        table = [not set(chosen).isdisjoint(each) for each in self.values]
        found: Bools = np.array([*table, False], np.bool_)[self.codes]
        return found

    def counts(self, documents: Bools) -> Mapping[str, int]:
        """How many of some documents have each value."""
        codes = self.codes[documents & (self.codes >= 0)]
        times = np.bincount(codes, minlength=len(self.values))
        found: Counter[str] = Counter()
        for code in np.flatnonzero(times).tolist():
            found.update({value: int(times[code]) for value in self.values[code] if value})
        return found


FacetColumns = Mapping[str, FacetColumn]


def filters_in_request(request: SearchRequest) -> FacetChoice:
    """The filters of a request by facet, without facets that select nothing."""
    return {facet: frozenset(values) for facet, values in request.filters.items() if values}


def with_chosen(facets: FacetColumns, choice: FacetChoice, documents: Bools) -> Bools:
    """Those of the documents that have one of the selected values of each facet."""
    for facet, values in choice.items():
        documents = documents & facets[facet].having(values)
    return documents


def facet_columns(
    index: BM25Index, documents: Longs, visible: Sequence[Collection], choice: FacetChoice
) -> FacetColumns:
    """The facets of documents of the index, which are in `visible` collections.

    Of the metadata, only fields that `choice` names, and those that most of the documents'
    collections declare as facets.
    """
    found: dict[str, FacetColumn] = {}
    slugs: dict[str | int, str] = {row.pk: row.slug for row in visible}
    stored: dict[str, Combinable] = {}
    for name, field in columns().items():
        codes, values = index.column(name, documents)
        texts = [slugs.get(v, "") for v in values] if name == COLLECTION.name else map(str, values)
        found[name] = FacetColumn(codes, [(text,) for text in texts])
        if field.facet and name != COLLECTION.name:
            stored[name] = Func(expression_of(field.facet), function="to_json")
    for key in _metadata_fields(found[COLLECTION.name], visible, choice):
        stored[METADATA_PREFIX + key] = Func(
            F("metadata"), Value(key, output_field=TextField()), arg_joiner=" -> ", function=""
        )  # not a key transform, which takes "2024" for a place in a list
    return {**found, **_stored_columns(index.first_passages(documents).tolist(), stored)}


def _metadata_fields(
    held: FacetColumn, visible: Sequence[Collection], choice: FacetChoice
) -> list[str]:
    """The fields of the metadata that are facets of documents in these collections."""
    by_slug = {row.slug: row for row in visible}
    declared: Counter[str] = Counter()
    for slug, count in held.counts(np.ones(len(held.codes), np.bool_)).items():
        declared.update(dict.fromkeys(by_slug[slug].facet_fields, count))
    selected = [METADATA.key(facet) for facet in choice if field_of(facet) is METADATA]
    return list(dict.fromkeys([*selected, *(key for key, _ in declared.most_common(MOST_FIELDS))]))


def _stored_columns(passages: Sequence[int], stored: Mapping[str, Combinable]) -> FacetColumns:
    """What the database says of the documents of these passages, in their order."""
    names = list(stored)
    if not names:
        return {}
    texts = {f"stored{n}": Cast(each, TextField()) for n, each in enumerate(stored.values())}
    rows = (
        Document.objects.filter(passages__in=passages)
        .order_by()
        .annotate(**texts)
        .values_list("passages", *texts)
        if passages
        else ()
    )
    by_passage = {passage: values for passage, *values in rows}
    nothing = [None] * len(names)
    held = [by_passage.get(passage, nothing) for passage in passages]
    return {name: _column([values[at] for values in held]) for at, name in enumerate(names)}


def _column(texts: Sequence[str | None]) -> FacetColumn:
    """The column of values that stand as JSON."""
    codes = {text: code for code, text in enumerate(dict.fromkeys(t for t in texts if t))}
    places = np.array([codes.get(text or "", -1) for text in texts], np.int32)
    return FacetColumn(places, [metadata_values(json.loads(text)) for text in codes])
