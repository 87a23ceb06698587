"""Which labels a page shows."""

import pytest

from retrieval.ranking import GOOD, STRONG, WEAK
from retrieval.search.labels import telling_grades


@pytest.mark.parametrize(
    ("grades", "shown"),
    [
        ([STRONG, GOOD, GOOD, WEAK], {STRONG, WEAK}),
        ([STRONG, STRONG, GOOD, GOOD], {STRONG}),
        ([STRONG, STRONG, STRONG, GOOD], set()),  # good would praise the worst
        ([GOOD, GOOD, WEAK, WEAK, WEAK], {GOOD}),
        ([STRONG, GOOD, WEAK, WEAK, WEAK], {STRONG}),
        ([GOOD, GOOD, GOOD], set()),
        ([WEAK, WEAK], set()),
        ([STRONG], set()),
        ([], set()),
    ],
)
def test_a_label_is_shown_where_it_sets_few_results_apart(
    grades: list[str], shown: set[str]
) -> None:
    assert telling_grades(grades) == shown
