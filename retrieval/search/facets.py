"""Facet counts: how many documents each filter value would leave."""

from collections.abc import Collection, Mapping, Sequence

from documents.models import Collection as DocumentCollection
from retrieval.lexical import Bools
from retrieval.query import columns, field_of
from retrieval.search.facet_values import METADATA_PREFIX, FacetChoice, FacetColumns, with_chosen
from retrieval.search.page import FacetValue

MOST_VALUES = 100  # of one facet; those chosen are always among them


def count_facets(
    facets: FacetColumns,
    base: Bools,
    found: Bools,
    chosen: FacetChoice,
    visible: Sequence[DocumentCollection],
) -> dict[str, list[FacetValue]]:
    """The facets of the documents `found`.

    Selected values, and all values of a facet without a selection, are counted in `found`, so that
    they agree with the total. Other values of a facet with a selection are counted in the documents
    of `base`, found without filters, that the other facets leave: so many would they add.
    """
    declared = [METADATA_PREFIX + key for collection in visible for key in collection.facet_fields]
    always = list(columns())
    counted: dict[str, list[FacetValue]] = {}
    for facet in dict.fromkeys([*always, *declared, *sorted(chosen)]):
        own = chosen.get(facet, frozenset())
        column = facets.get(facet)
        counts = here = column.counts(found) if column else {}
        if own and column:
            others = {name: one for name, one in chosen.items() if name != facet}
            left = column.counts(with_chosen(facets, others, base))
            counts = {**left, **{value: here.get(value, 0) for value in own}}
        if counts or facet in always:
            counted[facet] = _ordered(facet, counts, own, visible)
    return counted


def _ordered(
    facet: str,
    counts: Mapping[str, int],
    own: Collection[str],
    visible: Sequence[DocumentCollection],
) -> list[FacetValue]:
    """Values from the most frequent, or in the order of their field."""
    field = field_of(facet)
    every = [
        FacetValue(value, field.describe(value, visible), count, value in own)
        for value, count in counts.items()
    ]
    if field.falling:
        every.sort(key=lambda f: field.read(f.value) or 0, reverse=True)
    else:
        every.sort(key=lambda f: (-f.count, f.label))
    return [f for n, f in enumerate(every) if n < MOST_VALUES or f.selected]
