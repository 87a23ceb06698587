"""One form for what Unicode writes in several, and the places of the given text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.normalizer import normalize


@given(st.text())
def test_each_part_comes_from_the_place_that_is_named(text: str) -> None:
    found = normalize(text)
    for at in range(len(found.text)):
        start, end = found.place(at, at + 1)
        assert 0 <= start < end <= len(text)
        assert found.text[at] in normalize(text[start:end]).text


@given(st.text())
def test_places_never_go_back(text: str) -> None:
    found = normalize(text)
    places = [found.place(at, at + 1) for at in range(len(found.text))]
    assert places == sorted(places)


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_ascii_stays(text: str) -> None:
    assert normalize(text).text == text


@pytest.mark.parametrize(
    ("given_text", "normal"),
    [
        ("ﬁle", "file"),
        ("\uff53\uff45\uff41\uff52\uff43\uff48", "search"),
        ("ｶﾞｲﾄﾞ", "ガイド"),
        (unicodedata.normalize("NFD", "한글"), "한글"),
        (unicodedata.normalize("NFD", "Größe"), "Größe"),
        ("hyphen\u00adation", "hyphenation"),
        ("zero\u200bwidth\u2060join\ufeffer", "zerowidthjoiner"),
        ("non\u2010breaking\u2011hyphen\u2012s", "non-breaking-hyphen-s"),
        ("Hawai\u02bbi l\u2019eau O\u02bcNeill", "Hawai'i l'eau O'Neill"),
    ],
)
def test_forms_of_one_text_become_one(given_text: str, normal: str) -> None:
    found = normalize(given_text)
    assert found.text == normal
    assert found.place(0, len(normal)) == (0, len(given_text))


def test_a_composed_letter_covers_all_that_it_is_made_of() -> None:
    assert normalize("a e\u0301 b").place(2, 3) == (2, 4)
    assert normalize("ｶﾞ!").place(0, 1) == (0, 2)
