"""How many of the found documents each filter would leave."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.conf.locale import LANG_INFO

from documents.models import Collection as DocumentCollection
from documents.types import label_of
from retrieval.pages import Facet
from retrieval.traits import FIELD, Choice, Traits, passes

ALWAYS = ("collection", "type", "language", "year")
MOST_VALUES = 100  # of one facet; those chosen are always among them


def count_facets(
    traits: Mapping[str, Traits],
    base: Sequence[str],
    found: Sequence[str],
    chosen: Choice,
    visible: Sequence[DocumentCollection],
) -> dict[str, list[Facet]]:
    """The facets of the documents `found`, each without its own choice.

    Values chosen, and all of a facet without a choice, are counted in `found`, so that they agree
    with the total; the others of a facet with a choice in what the other choices leave of `base`,
    which is found without any, so that they say how many they would add.
    """
    declared = [FIELD + key for collection in visible for key in collection.facets]
    names = {collection.slug: collection.name for collection in visible}
    counted: dict[str, list[Facet]] = {}
    for facet in dict.fromkeys([*ALWAYS, *declared, *sorted(chosen)]):
        own = chosen.get(facet, frozenset())
        counts = here = _counts(facet, (traits[document] for document in found))
        if own:
            others = {name: values for name, values in chosen.items() if name != facet}
            left = (each for each in map(traits.__getitem__, base) if passes(each, others))
            counts = {**_counts(facet, left), **{value: here.get(value, 0) for value in own}}
        if counts or facet in ALWAYS:
            counted[facet] = _ordered(facet, counts, own, names)
    return counted


def _counts(facet: str, documents: Iterable[Traits]) -> Mapping[str, int]:
    return Counter(value for traits in documents for value in traits.get(facet, ()) if value)


def _ordered(
    facet: str, counts: Mapping[str, int], own: Collection[str], names: Mapping[str, str]
) -> list[Facet]:
    """Years from the newest, anything else from the commonest."""
    every = [
        Facet(value, _label(facet, value, names), count, value in own)
        for value, count in counts.items()
    ]
    every.sort(key=lambda f: (-int(f.value),) if facet == "year" else (-f.count, f.label))
    return [f for n, f in enumerate(every) if n < MOST_VALUES or f.selected]


def _label(facet: str, value: str, names: Mapping[str, str]) -> str:
    if facet == "collection":
        return names.get(value, value)
    if facet == "type":
        return label_of(value)
    if facet == "language":
        return str(LANG_INFO.get(value, {}).get("name", value))
    return value
