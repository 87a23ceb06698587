"""What facets count and filters choose by, as the database says it at this moment.

A trait is a facet's name and a document's values for it, as texts: of a filter field with a column
its one value, and of a keyed one, as `metadata.author`, what a field of the metadata says.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import F, Func, JSONField, TextField, Value

from documents.metadata import metadata_values
from documents.models import Collection, Document
from retrieval.query import (
    COLLECTION,
    METADATA,
    ParsedQuery,
    SearchRequest,
    columns,
    expression_of,
    field_of,
)

METADATA_PREFIX = f"{METADATA.name}."
MOST_FIELDS = 8  # of metadata that are facets of one list

FacetValues = Mapping[str, tuple[str, ...]]
FacetChoice = Mapping[str, frozenset[str]]


def filters_in_request(request: SearchRequest) -> FacetChoice:
    """The filters of a request, by facet; what it does not choose by is not in it."""
    return {facet: frozenset(values) for facet, values in request.filters.items() if values}


def filters_in_query(query: ParsedQuery, visible: Iterable[Collection]) -> FacetChoice:
    """The same of the operators in a query, collections as their slugs are written."""
    typed = {facet: frozenset(values) for facet, values in query.filters.items()}
    if COLLECTION.name in typed:
        slugs = frozenset(row.slug for row in visible if query.names(row.slug))
        # Where none is named so, what was typed, that nothing passes instead of everything.
        typed[COLLECTION.name] = slugs or typed[COLLECTION.name]
    return typed


def matches(traits: FacetValues, choice: FacetChoice) -> bool:
    """Whether a document has one of the values chosen, for each facet chosen by."""
    return all(not values.isdisjoint(traits.get(facet, ())) for facet, values in choice.items())


def facet_values(
    ids: Iterable[str], visible: Sequence[Collection], choice: FacetChoice
) -> dict[str, dict[str, tuple[str, ...]]]:
    """The traits of those of the documents that are published in `visible` collections.

    Of their metadata only the fields that `choice` names and those that most of the documents'
    collections declare as facets.
    """
    by_pk = {collection.pk: collection for collection in visible}
    fields = list(columns().values())
    rows = list(
        Document.objects.published()
        .filter(pk__in=list(ids), collection__in=list(by_pk))
        .order_by()
        .values_list(
            "pk", "collection_id", *(expression_of(field.facet or field.column) for field in fields)
        )
    )
    found: dict[str, dict[str, tuple[str, ...]]] = {
        str(pk): {
            field.name: () if value is None else (str(value),)
            for field, value in zip(fields, values, strict=True)
        }
        for pk, _, *values in rows
    }
    declared = Counter(key for _, collection, *_ in rows for key in by_pk[collection].facet_fields)
    asked = [METADATA.key(facet) for facet in choice if field_of(facet) is METADATA]
    keys = list(dict.fromkeys([*asked, *(key for key, _ in declared.most_common(MOST_FIELDS))]))
    for pk, *values in _metadata(list(found), keys):
        found[str(pk)] |= {
            METADATA_PREFIX + key: of
            for key, value in zip(keys, values, strict=True)
            if (of := metadata_values(value))
        }
    return found


def _metadata(ids: Sequence[str], keys: Sequence[str]) -> Iterable[tuple[object, ...]]:
    """Document id and its values, as JSON, in the order of `keys`."""
    if not ids or not keys:
        return []
    named = {
        # Not a key transform, which takes "2024" for a place in a list.
        f"field{n}": Func(
            F("metadata"),
            Value(key, output_field=TextField()),
            template="(%(expressions)s)",
            arg_joiner=" -> ",
            output_field=JSONField(),
        )
        for n, key in enumerate(keys)
    }
    return (
        Document.objects.filter(pk__in=ids).order_by().annotate(**named).values_list("pk", *named)
    )
