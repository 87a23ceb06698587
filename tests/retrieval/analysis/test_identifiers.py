"""Names that are found as they are."""

import pytest

from retrieval.analysis.identifiers import identifiers_of, is_identifier, is_mixed, is_strong


@pytest.mark.parametrize(
    "name", ["ERR_4711", "CVE-2026-1234", "src/app.py", "a@b.org", "10.0.0.1", "C#", ".NET", "R&D"]
)
def test_what_prose_does_not_write_is_an_identifier(name: str) -> None:
    assert is_identifier(name) and is_strong(name)


@pytest.mark.parametrize(
    "words", ["well-known", "and/or", "2.5", "1,000", "3,5", "long-\nterm", "e.g"]
)
def test_joined_words_and_numbers_are_none(words: str) -> None:
    assert not is_identifier(words)


@pytest.mark.parametrize("doubtful", ["type-2", "10/12", "p-53"])
def test_a_doubtful_one_is_kept_whole_but_does_not_come_first(doubtful: str) -> None:
    assert is_identifier(doubtful) and not is_strong(doubtful)


def test_a_version_is_found_without_its_letter() -> None:
    assert [span.text for span in identifiers_of("v1.2.3", 4)] == ["v1.2.3", "1.2.3"]
    assert [(span.start, span.end) for span in identifiers_of("v1.2.3", 4)] == [(4, 10), (5, 10)]


def test_the_parts_of_a_path_are_where_they_stand() -> None:
    path = "src/app.py/x_1"
    found = identifiers_of(path, 0)
    assert [span.text for span in found] == ["src/app.py/x_1", "app.py", "x_1"]
    assert all(path[span.start : span.end] == span.text for span in found)


def test_encoded_data_is_no_identifier() -> None:
    assert not is_identifier("a1_" * 100)


def test_letters_and_digits_together_are_not_stemmed() -> None:
    assert is_mixed("a320") and not any(map(is_mixed, ["a", "320", "ä320", "a-320"]))
