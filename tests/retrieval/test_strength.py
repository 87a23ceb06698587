"""What a match is called."""

import pytest

from retrieval.strength import share_held, strength


@pytest.mark.parametrize(
    ("cosine", "share", "called"),
    [
        (0.55, 0.0, "strong"),
        (0.42, 0.5, "strong"),
        (0.42, 0.2, "good"),
        (0.2, 0.67, "good"),
        (0.05, 1.0, "good"),  # every word stands there
        (0.05, 0.67, "weak"),
        (0.21, 0.0, "weak"),
        (None, 0.5, "good"),
        (None, 0.3, "weak"),
    ],
)
def test_meaning_and_words_together_decide(cosine, share, called):
    assert strength(cosine, share) == called


def test_an_exact_identifier_is_strong_whatever_the_rest():
    assert strength(0.0, 0.0, identifiers=1) == "strong"


def test_the_share_is_that_of_the_language_that_fits_best():
    asked = ["en:tide", "en:die", "en:water", "de:tid", "de:water"]
    assert share_held(asked, ["en:tide", "de:tid", "de:water"]) == 1.0
    assert share_held(asked, ["en:tide"]) == pytest.approx(1 / 3)
    assert share_held([], []) == 0.0
