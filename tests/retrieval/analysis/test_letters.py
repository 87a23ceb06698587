"""Letters that people type for one another."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.letters import fold, fold_letters, simplified, spelt_out, unligatured


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Łódź", "lodz"),
        ("Ærøskøbing", "aeroskobing"),
        ("Đặng", "dang"),
        ("þingvellir", "thingvellir"),
        ("Straße", "strasse"),
        ("\u0131s\u0131", "isi"),
        ("cœur", "coeur"),
        ("Ἀθῆναι", "αθηναι"),
        ("ΟΔΟΣ", "οδοσ"),
        ("ёлка", "елка"),
        ("מֶלֶךְ", "מלך"),
        ("مُحَمَّد", "محمد"),
        ("圖書館", "图书馆"),
    ],
)
def test_words_meet_whatever_the_keyboard_has(written: str, plain: str) -> None:
    assert fold_letters(written) == fold_letters(plain) == plain


@pytest.mark.parametrize(("one", "other"), [("мой", "мои"), ("की", "क"), ("か", "が"), ("o", "0")])
def test_letters_of_their_own_stay_apart(one: str, other: str) -> None:
    assert fold_letters(one) != fold_letters(other)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold_letters(fold_letters(text)) == fold_letters(text)


@given(st.text())
def test_composition_makes_no_difference(text: str) -> None:
    assert fold_letters(unicodedata.normalize("NFD", text)) == fold_letters(
        unicodedata.normalize("NFC", text)
    )


@given(st.text(min_size=1).filter(str.isalnum))
def test_a_word_never_becomes_nothing(word: str) -> None:
    assert fold_letters(word)


@given(st.text())
def test_simplified_characters_keep_their_number(text: str) -> None:
    assert len(simplified(text)) == len(text)


@pytest.mark.parametrize(
    ("word", "language", "spelt"),
    [
        ("müller", "de", "mueller"),
        ("größe", "de", "groesse"),
        ("ærø", "da", "aeroe"),
        ("ålesund", "nb", "aalesund"),
        ("malmö", "sv", "malmoe"),
        ("müller", "tr", None),
        ("mueller", "de", None),
    ],
)
def test_some_languages_spell_a_letter_out(word: str, language: str, spelt: str | None) -> None:
    assert spelt_out(word, language) == spelt


def test_folding_case_keeps_accents_and_stemmers_get_no_ligature() -> None:
    assert fold("ÉLAN") == "élan"
    assert unligatured("cœur") == "coeur"
