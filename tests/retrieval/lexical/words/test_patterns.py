"""Words by a pattern."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.lexical.string_table import StringTable
from retrieval.lexical.words.patterns import matching_words

LETTERS = st.text("abä水", min_size=1, max_size=5)


@given(st.lists(LETTERS, unique=True), st.lists(LETTERS), st.text("aä水*", min_size=1, max_size=4))
def test_those_words_fit_that_a_file_name_pattern_fits(
    listed: list[str], others: list[str], pattern: str
) -> None:
    if not pattern.strip("*"):
        with pytest.raises(ValueError):
            matching_words(pattern, StringTable.of(listed), others)
        return
    fitting = {word for word in [*listed, *others] if fnmatchcase(word, pattern)}
    found = matching_words(pattern, StringTable.of(listed), others)
    assert set(found) == fitting
    assert len(found) == len(fitting)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("steuer*", ["steuer", "steuern"]),
        ("*steuer", ["steuer", "lohnsteuer"]),
        ("wo*man", ["woman", "workman"]),
        ("water", ["water"]),
        ("w.*", []),
    ],
)
def test_the_sign_stands_for_any_letters_or_none(pattern: str, words: list[str]) -> None:
    table = StringTable.of(["steuer", "steuern", "lohnsteuer", "woman", "workman", "water"])
    assert matching_words(pattern, table, []) == words


def test_letters_are_not_put_together_from_two_words() -> None:
    assert matching_words("ab*", StringTable.of(["xa", "bx"]), []) == []
