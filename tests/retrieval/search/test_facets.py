"""Facet counts from given facet values."""

import numpy as np
import pytest

from documents.models import Collection
from retrieval.search import facets
from retrieval.search.facet_values import FacetColumn
from retrieval.search.facets import count_facets
from retrieval.search.page import FacetValue

VISIBLE = [
    Collection(pk=1, name="Handbook", slug="handbook", facet_fields=["author"]),
    Collection(pk=2, name="Yard", slug="yard"),
]


def column(*values: tuple[str, ...]) -> FacetColumn:
    """The values of documents one, two and three."""
    codes = np.array([n if held else -1 for n, held in enumerate(values)], np.int32)
    return FacetColumn(codes, values)


FACETS = {
    "collection": column(("handbook",), ("handbook",), ("yard",)),
    "type": column(("pdf",), ("pdf",), ("txt",)),
    "language": column(("en",), ("en",), ("en",)),
    "year": column(("2024",), ("2023",), ("2023",)),
    "metadata.author": column(("Ada", "Bo"), ("Ada",), ()),
}
EVERY, THREE, NOTHING = (np.array(which) for which in ([1, 1, 1], [0, 0, 1], [0, 0, 0]))


def test_values_are_counted_labelled_and_ordered_by_their_field() -> None:
    counted = count_facets(FACETS, EVERY > 0, EVERY > 0, {}, VISIBLE)
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
    counted = count_facets(FACETS, EVERY > 0, THREE > 0, chosen, VISIBLE)
    assert counted["type"] == [
        FacetValue("pdf", "PDF", 1, False),
        FacetValue("txt", "Plain text", 1, True),
    ]
    assert counted["year"] == [FacetValue("2023", "2023", 1, True)]
    assert counted["collection"] == [FacetValue("yard", "Yard", 1, False)]


def test_a_chosen_value_that_nothing_has_is_listed_with_nothing() -> None:
    chosen = {"metadata.author": frozenset({"Eve"})}
    counted = count_facets(FACETS, EVERY > 0, NOTHING > 0, chosen, VISIBLE)
    assert counted["metadata.author"][-1] == FacetValue("Eve", "Eve", 0, True)
    assert counted["type"] == []


def test_values_are_cut_but_those_chosen_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facets, "MOST_VALUES", 1)
    chosen = {"type": frozenset({"txt"})}
    counted = count_facets(FACETS, EVERY > 0, THREE > 0, chosen, VISIBLE)
    assert [f.value for f in counted["type"]] == ["pdf", "txt"]
