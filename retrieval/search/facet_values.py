"""The facet values of documents, read from the database at the time of the request.

They are texts, by the name of the facet: one value for a filter field with a column, and those of a
metadata field for a keyed one such as `metadata.author`.
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
    is_named,
)

METADATA_PREFIX = f"{METADATA.name}."
MOST_FIELDS = 8  # of metadata that are facets of one list

FacetValues = Mapping[str, tuple[str, ...]]
FacetChoice = Mapping[str, frozenset[str]]


def filters_in_request(request: SearchRequest) -> FacetChoice:
    """The filters of a request by facet, without facets that select nothing."""
    return {facet: frozenset(values) for facet, values in request.filters.items() if values}


def filters_in_query(query: ParsedQuery, visible: Iterable[Collection]) -> FacetChoice:
    """The filters of the operators in a query by facet, with the exact slugs of collections."""
    typed = {facet: frozenset(values) for facet, values in query.filters.items()}
    if COLLECTION.name in typed:
        named = query.filters[COLLECTION.name]
        slugs = frozenset(row.slug for row in visible if is_named(row, named))
        # Where none is named so, what was typed, that nothing passes instead of everything.
        typed[COLLECTION.name] = slugs or typed[COLLECTION.name]
    return typed


def matches(held: FacetValues, choice: FacetChoice) -> bool:
    """Whether a document has one of the selected values of each facet."""
    return all(not values.isdisjoint(held.get(facet, ())) for facet, values in choice.items())


def facet_values(
    ids: Iterable[str], visible: Sequence[Collection], choice: FacetChoice
) -> dict[str, dict[str, tuple[str, ...]]]:
    """The facet values of those documents that are published in `visible` collections.

    Of the metadata, only fields that `choice` names, and those that most of the documents'
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
    selected = [METADATA.key(facet) for facet in choice if field_of(facet) is METADATA]
    keys = list(dict.fromkeys([*selected, *(key for key, _ in declared.most_common(MOST_FIELDS))]))
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
