"""What a query looks for, and how much each way of writing its words counts."""

import pytest

from retrieval.analysis import analyze_text, analyzed_terms
from retrieval.hits import DocumentEntry, PassageEntry
from retrieval.lexical import BM25Index, WeightedTerm
from retrieval.query.terms import (
    JOINED_WEIGHT,
    SOLID_WEIGHT,
    STOP_WORD_WEIGHT,
    QueryTerms,
    query_terms,
)
from retrieval.query.word_index import WordIndex


def weights(query: str, *texts: str) -> dict[str, float]:
    """The weights of a query's terms, by their text, in an index of these texts."""
    found = query_terms(query, ["en"], word_index(*texts))
    return {str(term.term): term.weight for word in found.words for term in word.terms}


def word_index(*texts: str) -> WordIndex:
    analyzed = [analyze_text(text, "en") for text in texts]
    index = BM25Index.build(
        (
            DocumentEntry(str(number)),
            [PassageEntry(number, each.terms, each.surfaces, each.words, own_words=each.width)],
        )
        for number, each in enumerate(analyzed)
    )
    return WordIndex(index, index.visible({}), ("en",))


def optional(terms: QueryTerms) -> list[WeightedTerm]:
    """Those of the terms that only add to what others find."""
    return [term for term in terms.search if isinstance(term, WeightedTerm) and term.optional]


def test_a_hyphen_between_common_words_does_not_count_them_again() -> None:
    texts = ("a boundary-layer forms", "the boundary layer", "a boundary layer grows")

    assert weights("boundary layer", *texts)["~boundarylayer"] == JOINED_WEIGHT
    joined = weights("boundary-layer", *texts)
    assert joined["~boundarylayer"] == joined['"boundary layer"'] == JOINED_WEIGHT


def test_a_word_that_most_write_as_one_counts_more_where_it_is_parted() -> None:
    texts = ("the wifi is slow", "wifi at home", "Wi-Fi")

    assert weights("Wi-Fi", *texts)["~wifi"] == SOLID_WEIGHT
    assert weights("wi fi", *texts)["~wifi"] == SOLID_WEIGHT


def test_a_number_and_its_unit_are_one_word() -> None:
    assert weights("16 GB", "a laptop with 16GB", "8 GB of memory")["~16gb"] == 1


def test_a_repeated_function_word_is_looked_for_once_with_its_whole_weight() -> None:
    terms = query_terms("the height of the tide at the harbour", ["en"], word_index("the tide"))
    adding = {str(term.term): term.weight for term in optional(terms)}

    assert adding["~the"] == pytest.approx(3 * STOP_WORD_WEIGHT)
    assert len(adding) == len(optional(terms))


@pytest.mark.parametrize(
    ("query", "texts", "apart"),
    [
        ("backup", ("the backup", "back up the files"), "back up"),
        ("wifi", ("the wifi is slow", "a wi fi router"), "wi fi"),
        ("wifi", ("a wi fi router",), "wi fi"),
        ("Zeitraum", ("der Zeitraum", "der Zeit Raum geben"), "zeit raum"),
        ("a backup of the wifi today", ("the backup", "back up the files"), None),
        ("inform", ("we inform", "fill in form 7"), None),
        ("backup", ("the backup", "up and back"), None),
    ],
)
def test_a_known_word_of_a_short_query_is_looked_for_in_two_as_well(
    query: str, texts: tuple[str, ...], apart: str | None
) -> None:
    found = [term for term in weights(query, *texts) if term.startswith('"')]

    assert found == ([f'"{apart}"'] if apart else [])


@pytest.mark.parametrize(
    ("query", "unfinished"),
    [("tide quaran", True), ("quaran", True), ("tide|quaran", False), ("quaran?", False)],
)
def test_only_a_word_that_ends_the_query_by_itself_is_unfinished(
    query: str, unfinished: bool
) -> None:
    found = weights(query, "the tide", "in quarantine")

    assert any("quarantine" in term for term in found) == unfinished


def test_the_plural_of_an_acronym_is_not_cut() -> None:
    assert analyzed_terms("URLs and APIs", "en") == ["en:url", "en:api"]
    assert "en:server" in analyzed_terms("HTTPServer", "en")


def test_initials_are_no_words_and_other_single_letters_are() -> None:
    assert "en:u" not in analyzed_terms("U.S.A.", "en")
    assert "en:c" in analyzed_terms("a C-compiler", "en")
