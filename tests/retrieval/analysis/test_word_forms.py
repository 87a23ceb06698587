"""The forms in which a run of words is found, and the positions that they cover."""

import pytest

from retrieval.analysis.word_forms import word_forms


def forms(run: str, language: str = "en") -> list[tuple[str, int, int]]:
    return [(form.text, form.first, form.width) for form in word_forms(run, language)[0]]


@pytest.mark.parametrize("joined", ["Wi-Fi", "wi/fi", "wi_fi"])
def test_a_joined_form_covers_the_positions_of_its_parts(joined: str) -> None:
    assert forms(joined) == [("wi", 0, 1), ("fi", 1, 1), ("wifi", 0, 2)]


@pytest.mark.parametrize(
    ("run", "whole"),
    [
        ("getUserName", "getusername"),
        ("16GB", "16gb"),
        ("A320", "a320"),
        ("A-320", "a320"),
        ("ERR_4711", "err4711"),
        ("Node.js", "nodejs"),
        ("U.S.A", "usa"),
        ("Ph.D", "phd"),
        ("AT&T", "att"),
        ("long-\nterm", "longterm"),
        ("978-3-16-148410-0", "9783161484100"),
    ],
)
def test_the_whole_is_a_form_beside_its_parts(run: str, whole: str) -> None:
    found, width = word_forms(run, "en")
    assert (whole, 0, width) in [(form.text, form.first, form.width) for form in found]
    assert width > 1 and {form.first for form in found} == set(range(width))


def test_a_letter_that_is_spelt_out_is_a_form_at_the_same_place() -> None:
    assert forms("Müller", "de") == [("muller", 0, 1), ("mueller", 0, 1)]
    assert forms("Müller", "en") == [("muller", 0, 1)]


def test_text_without_spaces_has_a_position_for_each_sign() -> None:
    assert forms("東京", "ja") == [("东", 0, 1), ("京", 1, 1)]
    assert [text for text, _, _ in forms("कि", "hi")] == ["कि"]


def test_what_joins_very_many_letters_is_encoded_data_and_no_word() -> None:
    found, width = word_forms("-".join(["abcd"] * 30), "en")
    assert width == 30 and all(form.width == 1 for form in found)
