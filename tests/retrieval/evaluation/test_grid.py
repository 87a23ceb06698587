"""Settings on the command line of an evaluation."""

import pytest

from retrieval.evaluation import grid


def test_settings_are_read_and_combined_where_they_matter() -> None:
    varied = grid.parse_grid(["dense_weight=0.3,0.7", "fusion=rrf,max_norm"], ["rrf", "max_norm"])
    product_own: dict[str, grid.Value] = {
        "candidates": 100,
        "fusion": "max_norm",
        "dense_weight": 0.5,
    }
    assert grid.combinations("lexical", product_own, varied) == [{"candidates": 100}]
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
    ],
)
def test_a_setting_that_cannot_be_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        grid.parse_grid([text], ["rrf", "max_norm"])
