"""Facet counts from given facet values."""

import pytest

from documents.models import Collection
from retrieval.search import facets
from retrieval.search.facets import count_facets
from retrieval.search.page import FacetValue

VISIBLE = [
    Collection(pk=1, name="Handbook", slug="handbook", facet_fields=["author"]),
    Collection(pk=2, name="Yard", slug="yard"),
]


def traits(collection: str, type_: str, year: int, *authors: str) -> dict[str, tuple[str, ...]]:
    return {
        "collection": (collection,), "type": (type_,), "language": ("en",), "year": (str(year),),
        "metadata.author": authors,
    }  # fmt: skip


DOCUMENTS = {
    "one": traits("handbook", "pdf", 2024, "Ada", "Bo"),
    "two": traits("handbook", "pdf", 2023, "Ada"),
    "three": traits("yard", "txt", 2023),
}
EVERY = list(DOCUMENTS)


def test_values_are_counted_labelled_and_ordered_by_their_field() -> None:
    counted = count_facets(DOCUMENTS, EVERY, EVERY, {}, VISIBLE)
    assert counted == {
        "collection": [
            FacetValue("handbook", "Handbook", 2, False), FacetValue("yard", "Yard", 1, False)
        ],
        "type": [FacetValue("pdf", "PDF", 2, False), FacetValue("txt", "Plain text", 1, False)],
        "language": [FacetValue("en", "English", 3, False)],
        "year": [FacetValue("2024", "2024", 1, False), FacetValue("2023", "2023", 2, False)],
        "metadata.author": [FacetValue("Ada", "Ada", 2, False), FacetValue("Bo", "Bo", 1, False)],
    }  # fmt: skip


def test_other_values_of_a_chosen_facet_count_what_they_would_add() -> None:
    chosen = {"type": frozenset({"txt"}), "year": frozenset({"2023"})}
    counted = count_facets(DOCUMENTS, EVERY, ["three"], chosen, VISIBLE)
    assert counted["type"] == [
        FacetValue("pdf", "PDF", 1, False),
        FacetValue("txt", "Plain text", 1, True),
    ]
    assert counted["year"] == [FacetValue("2023", "2023", 1, True)]
    assert counted["collection"] == [FacetValue("yard", "Yard", 1, False)]


def test_a_chosen_value_that_nothing_has_is_listed_with_nothing() -> None:
    chosen = {"metadata.author": frozenset({"Eve"})}
    counted = count_facets(DOCUMENTS, EVERY, [], chosen, VISIBLE)
    assert counted["metadata.author"][-1] == FacetValue("Eve", "Eve", 0, True)
    assert counted["type"] == []


def test_values_are_cut_but_those_chosen_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facets, "MOST_VALUES", 1)
    chosen = {"type": frozenset({"txt"})}
    counted = count_facets(DOCUMENTS, EVERY, ["three"], chosen, VISIBLE)
    assert [f.value for f in counted["type"]] == ["pdf", "txt"]
