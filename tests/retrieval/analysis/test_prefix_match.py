"""Words typed, found in short texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis import cut_words, folded_words, match_typed


def typed(text: str) -> list[tuple[str, ...]]:
    return [(word.folded,) for word in cut_words(text) if not word.is_joined]


@given(st.text(max_size=60), st.text(max_size=20))
def test_places_are_those_of_characters_in_order(text: str, query: str) -> None:
    if match := match_typed(text, typed(query)):
        places = [place for span in match.spans for place in span]
        assert places == sorted(places) and places[0] >= 0 and places[-1] <= len(text)
        assert all(start < end for start, end in match.spans)


@given(st.text(max_size=60))
def test_each_text_has_its_own_words_in_a_row(text: str) -> None:
    if words := typed(text):
        match = match_typed(text, words)
        assert match is not None and not match.scattered


@pytest.mark.parametrize(
    ("text", "query", "spans"),
    [
        ("Port of call", "po ca", ((0, 2), (8, 10))),
        ("Calling at ports", "port call", ((0, 4), (11, 15))),
        ("Straße", "strass", ((0, 5),)),
        ("ﬁnal report", "fin", ((0, 2),)),
        ("¼ inch", "1 4", ((0, 1),)),
        ("Export", "port", None),
        ("Port", "port of", None),
    ],
)
def test_every_word_typed_begins_a_word(
    text: str, query: str, spans: tuple[tuple[int, int], ...] | None
) -> None:
    match = match_typed(text, typed(query))
    assert (match.spans if match else None) == spans


def test_queries_that_differ_in_case_accents_and_signs_have_the_same_words() -> None:
    assert folded_words("École, primaire!") == folded_words("ecole PRIMAIRE") == "ecole primaire"
