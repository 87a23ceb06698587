"""Settings on the command line of an evaluation."""

import pytest

from documents.models.ranking_settings import HEAVIEST, WEIGHT_FIELDS
from retrieval.evaluation import grid
from retrieval.ranking import LexicalRetriever


def test_it_names_what_it_may_not_import() -> None:
    assert (grid.WEIGHTS, grid.HEAVIEST) == (WEIGHT_FIELDS, HEAVIEST)
    assert LexicalRetriever.name == grid.LEXICAL


def test_settings_are_read_and_combined_where_they_matter() -> None:
    varied = grid.parse_grid(["dense_weight=0.3,0.7", "fusion=rrf,max_norm"], ["rrf", "max_norm"])
    product_own: dict[str, grid.Value] = {
        "candidates": 100,
        "fusion": "max_norm",
        "dense_weight": 0.5,
        "title_weight": 1,
        "headings_weight": 1,
        "text_weight": 1,
        "recency_half_life": 0,
        "recency_floor": 0.0,
        "curation": "on",
    }
    alone = {
        "candidates": 100,
        "curation": "on",
        "recency_half_life": 0,
        "recency_floor": 0.0,
    }
    assert grid.combinations("dense", product_own, varied) == [alone]
    found = grid.combinations("hybrid", product_own, varied)
    assert [(c["fusion"], c["dense_weight"]) for c in found] == [
        ("rrf", 0.3), ("rrf", 0.7), ("max_norm", 0.3), ("max_norm", 0.7),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("depth=3", "is not name=value,value"),
        ("fusion", "is not name=value,value"),
        ("fusion=borda", "no fusion borda"),
        ("dense_weight=half", "“half” is not a number"),
        ("dense_weight=1.5", "not between 0 and 1"),
        ("candidates=0", "less than 1"),
        ("title_weight=6", "more than 5"),
        ("recency_half_life=-1", "less than 0"),
        ("curation=maybe", "none of off, on"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        grid.parse_grid([text], ["rrf", "max_norm"])


def test_a_grid_never_leaves_all_fields_without_weight() -> None:
    none = [f"{name}=0,1" for name in grid.WEIGHTS]
    assert grid.parse_grid(none[:2], []) == {"title_weight": [0, 1], "headings_weight": [0, 1]}
    with pytest.raises(ValueError, match="must be more than 0"):
        grid.parse_grid(none, [])
