"""Which queries and documents an embedding model reads."""

from pathlib import Path

import pytest

from documents.embedding.model_languages import declared_languages
from retrieval.query.readable import reads_script_of, reads_words_of, tags_read


@pytest.mark.parametrize(
    "query", ["ฟุตบอล", "διαστημόπλοιο", "футбольный матч", "足球比赛", "冷蔵庫の修理"]
)
def test_a_model_of_latin_letters_reads_no_other_script(query: str) -> None:
    assert not reads_script_of(query, {"en"})
    assert reads_script_of(query, {"en", "ru"})
    assert reads_script_of(query, set())


@pytest.mark.parametrize("query", ["spaceship", "Fußball", "\u03b1-helix folding", '19" 4711', ""])
def test_it_reads_words_of_latin_letters_and_numbers(query: str) -> None:
    assert reads_script_of(query, {"en"})


SEEN = ["en-GB", "de", "fr"]  # the languages of the documents


@pytest.mark.parametrize(
    "query",
    ["Wie wird die Rechnung storniert", "was ist das", "Comment annuler la facture ou le devis"],
)
def test_a_question_in_another_language_is_known_by_its_function_words(query: str) -> None:
    assert not reads_words_of(query, {"en"}, SEEN)
    assert reads_words_of(query, {"en"}, ["en"])  # there is nothing else that it may be
    assert reads_words_of(query, {"en", "de", "fr"}, SEEN)
    assert reads_words_of(query, set(), SEEN)


@pytest.mark.parametrize(
    "query",
    ["die hard", "an in was", "Rechnung stornieren", "who was the man in the die", "invoice", ""],
)
def test_a_word_or_two_that_other_languages_have_as_well_say_nothing(query: str) -> None:
    assert reads_words_of(query, {"en"}, SEEN)


def test_a_document_of_no_language_is_given_the_benefit_of_the_doubt() -> None:
    assert tags_read(["en-GB", "de", "", "und"], {"en"}) == ["en-GB", "", "und"]
    assert tags_read(["en", "de"], set()) == ["en", "de"]


@pytest.mark.parametrize(
    ("card", "codes"),
    [
        ("---\nlanguage: en\n---\n", {"en"}),
        ("---\nlanguage:\n- en\n- de-AT\n---\n", {"en", "de"}),
        ("---\nlanguage: multilingual\n---\n", set()),
        ("---\nlicense: mit\n---\n", set()),
        ("Only words.", set()),
        (None, set()),
    ],
)
def test_a_model_reads_what_its_card_says(
    tmp_path: Path, card: str | None, codes: set[str]
) -> None:
    if card is not None:
        (tmp_path / "README.md").write_text(card)
    assert declared_languages(str(tmp_path)) == codes
