"""What labels tell, by arithmetic that can be checked by hand."""

from retrieval.evaluation.statistics.label_rates import LabelRate, label_rates
from retrieval.evaluation.statistics.relevance_cutoffs import JudgedAnswer, JudgedResult


def test_only_labels_that_are_shown_count_and_only_pages_of_own_queries() -> None:
    strong, weak = ((0.9, 1.0),), ((0.1, 0.0),)
    few = [JudgedResult(strong, True), JudgedResult(weak, True), JudgedResult(weak, False)]
    most = [JudgedResult(strong, True), JudgedResult(strong, False), JudgedResult(weak, False)]
    foreign = JudgedAnswer("a", False, (JudgedResult(strong, False),))

    rates = label_rates(
        [JudgedAnswer("a", True, tuple(few)), JudgedAnswer("a", True, tuple(most)), foreign]
    )

    assert rates == {
        "strong": LabelRate(1 / 6, 1),
        "weak": LabelRate(1 / 6, 0),
        "": LabelRate(4 / 6, 2 / 4),
    }
