"""How many of the found documents each filter would leave."""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from documents.models import Collection as DocumentCollection
from documents.types import label_of
from retrieval.pages import Facet
from retrieval.ranking import DocumentScore

Value = TypeVar("Value", bound=Hashable)


def count_facets(
    base: Sequence[DocumentScore],
    found: Sequence[DocumentScore],
    collections: Collection[int],
    types: Collection[str],
) -> dict[str, list[Facet]]:
    """Counts by collection and by type.

    Values chosen are counted in `found`, so that they agree with the total; the others in what
    the other facet's choice leaves of `base`, so that they say how many they would add.
    """
    by_collection = _counts(
        [d for d in base if not types or d.type in types],
        found,
        lambda d: d.collection_id,
        set(collections),
    )
    by_type = _counts(
        [d for d in base if not collections or d.collection_id in collections],
        found,
        lambda d: d.type,
        set(types),
    )
    rows = DocumentCollection.objects.filter(pk__in=list(by_collection)).values_list(
        "pk", "slug", "name"
    )
    names = {pk: (slug, name) for pk, slug, name in rows}
    return {
        "collection": _ordered(
            Facet(*names[pk], count, pk in collections)
            for pk, count in by_collection.items()
            if pk in names
        ),
        "type": _ordered(
            Facet(kind, label_of(kind), count, kind in types) for kind, count in by_type.items()
        ),
    }


def _counts(
    base: Sequence[DocumentScore],
    found: Sequence[DocumentScore],
    value_of: Callable[[DocumentScore], Value],
    chosen: set[Value],
) -> Mapping[Value, int]:
    counts = Counter(value_of(document) for document in base)
    here = Counter(value_of(document) for document in found)
    return {**counts, **{value: here[value] for value in chosen}}


def _ordered(facets: Iterable[Facet]) -> list[Facet]:
    return sorted(facets, key=lambda facet: (-facet.count, facet.label))
