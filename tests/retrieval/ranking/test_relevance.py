"""What a match is called."""

import pytest

from retrieval.ranking.relevance import relevance_grade


@pytest.mark.parametrize(
    ("cosine", "share", "called"),
    [
        (0.8, 0.0, "strong"),
        (0.6, 0.9, "strong"),
        (0.5, 0.9, "good"),
        (0.6, 0.0, "good"),  # in other words
        (0.2, 1.0, "good"),  # every word stands there
        (0.05, 1.0, "good"),  # a name says nothing of what a passage is about
        (0.05, 0.9, "weak"),
        (0.25, 0.67, "weak"),
        (0.45, 0.0, "weak"),
        (None, 1.0, "strong"),
        (None, 0.6, "good"),
        (None, 0.5, "weak"),
        (0.6, None, "strong"),
        (0.45, None, "good"),
        (0.4, None, "weak"),
    ],
)
def test_meaning_and_words_together_decide(cosine, share, called):
    assert relevance_grade(cosine, share) == called


def test_an_exact_identifier_is_strong_whatever_the_rest():
    assert relevance_grade(0.0, 0.0, exact_matches=1) == "strong"
