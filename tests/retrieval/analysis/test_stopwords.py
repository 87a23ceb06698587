"""Function words weigh little; words that a text is about are none."""

import pytest

from retrieval.analysis.letters import fold
from retrieval.analysis.stopwords import _WORDS, stop_words_of

CONTENT = {
    "en": "computer system year work state first information vitamin gate",
    "fr": "état avions valeur pièce année travail homme",
    "ru": "жизнь год человек время работа",
    "es": "empleo trabajo estado año tiempo",
    "vi": "nước người năm",
    "de": "jahr mensch arbeit staat leben",
    "it": "anno lavoro stato uomo",
}


@pytest.mark.parametrize("language", CONTENT)
def test_words_that_a_text_is_about_are_no_stop_words(language: str) -> None:
    assert not stop_words_of(language) & {fold(word) for word in CONTENT[language].split()}


@pytest.mark.parametrize("language", _WORDS)
def test_every_list_is_short_and_folded(language: str) -> None:
    words = stop_words_of(language)
    assert 10 < len(words) < 250
    assert all(word == fold(word) and word.strip() for word in words)


def test_a_language_without_a_list_has_none() -> None:
    assert stop_words_of("tlh") == frozenset()
