"""How many of the found documents each filter would leave."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from documents.models import Collection as DocumentCollection
from retrieval.query import columns, field_of
from retrieval.search.facet_values import METADATA_PREFIX, FacetChoice, FacetValues, matches
from retrieval.search.page import FacetValue

MOST_VALUES = 100  # of one facet; those chosen are always among them


def count_facets(
    traits: Mapping[str, FacetValues],
    base: Sequence[str],
    found: Sequence[str],
    chosen: FacetChoice,
    visible: Sequence[DocumentCollection],
) -> dict[str, list[FacetValue]]:
    """The facets of the documents `found`, each without its own choice.

    Values chosen, and all of a facet without a choice, are counted in `found`, so that they agree
    with the total; the others of a facet with a choice in what the other choices leave of `base`,
    which is found without any, so that they say how many they would add.
    """
    declared = [METADATA_PREFIX + key for collection in visible for key in collection.facet_fields]
    always = list(columns())
    counted: dict[str, list[FacetValue]] = {}
    for facet in dict.fromkeys([*always, *declared, *sorted(chosen)]):
        own = chosen.get(facet, frozenset())
        counts = here = _counts(facet, (traits[document] for document in found))
        if own:
            others = {name: values for name, values in chosen.items() if name != facet}
            left = (each for each in map(traits.__getitem__, base) if matches(each, others))
            counts = {**_counts(facet, left), **{value: here.get(value, 0) for value in own}}
        if counts or facet in always:
            counted[facet] = _ordered(facet, counts, own, visible)
    return counted


def _counts(facet: str, documents: Iterable[FacetValues]) -> Mapping[str, int]:
    return Counter(value for traits in documents for value in traits.get(facet, ()) if value)


def _ordered(
    facet: str,
    counts: Mapping[str, int],
    own: Collection[str],
    visible: Sequence[DocumentCollection],
) -> list[FacetValue]:
    """Values from the commonest, or as their field wants them."""
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
