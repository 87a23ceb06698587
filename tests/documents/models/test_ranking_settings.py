"""The weights of fields and the recency of a collection."""

import pytest
from django.core.exceptions import ValidationError

from documents.models import Collection
from documents.models.ranking_settings import FieldWeights, Recency


def test_a_document_loses_half_of_what_age_can_take_in_each_half_life() -> None:
    recency = Recency(half_life=30, floor=0.2)
    ages = (-5, 0, 30, 60, 1_000_000)
    kept = (1, 1, 0.2 + 0.8 / 2, 0.2 + 0.8 / 4, 0.2)
    assert [recency.factor(age) for age in ages] == pytest.approx(kept)
    assert Recency(half_life=1, floor=1).factor(100) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title_weight", 6),
        ("headings_weight", -1),
        ("text_weight", 6),
        ("recency_half_life", 0),
        ("recency_half_life", 36_501),
        ("recency_floor", -0.1),
        ("recency_floor", 1.1),
        ("recency_floor", float("nan")),
    ],
)
def test_what_is_out_of_bounds_is_refused(field: str, value: float) -> None:
    with pytest.raises(ValidationError) as refused:
        Collection(name="x", slug="x", **{field: value}).clean_fields()
    assert list(refused.value.message_dict) == [field]


def test_one_field_counts_at_least() -> None:
    FieldWeights(0, 0, 1).check()
    with pytest.raises(ValidationError, match="One of the weights must be more than 0"):
        Collection(title_weight=0, headings_weight=0, text_weight=0).clean()


def test_a_new_collection_weighs_all_fields_alike_and_forgets_age() -> None:
    new = Collection()
    assert new.field_weights == FieldWeights(1, 1, 1)
    assert new.recency_half_life is None
