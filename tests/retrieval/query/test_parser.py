import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.query.parser import (
    MAX_QUERY_LENGTH,
    MAX_RESTRICTIONS,
    ParsedQuery,
    parse_query,
    text_spans,
)


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("tide tables", ParsedQuery("tide tables")),
        ('"spring tide" moon', ParsedQuery("spring tide moon", phrases=("spring tide",))),
        ("tide -neap", ParsedQuery("tide", without=("neap",))),
        ('tide -"neap tide"', ParsedQuery("tide", without=("neap tide",))),
        ("tide type:PDF", ParsedQuery("tide", filters={"type": ("pdf",)})),
        ("collection:handbook leave", ParsedQuery("leave", filters={"collection": ("handbook",)})),
        ("collection:HR leave", ParsedQuery("leave", filters={"collection": ("HR",)})),
        ('title:"leave policy" days', ParsedQuery("days", titles=("leave policy",))),
        ("ERR_4711 src/app.py a@b.org", ParsedQuery("ERR_4711 src/app.py a@b.org")),
    ],
)
def test_operators_are_read(typed: str, query: ParsedQuery) -> None:
    assert parse_query(typed) == query


QUOTED = [
    "“neap tide”", "„neap tide“", "«neap tide»", "»neap tide«", "«\u00a0neap tide\u202f»",
    "\uff02neap tide\uff02",
]  # fmt: skip


@pytest.mark.parametrize("quoted", QUOTED)
def test_quotation_marks_of_every_form_make_a_phrase(quoted: str) -> None:
    assert parse_query(f"moon {quoted}") == ParsedQuery("moon neap tide", phrases=("neap tide",))
    assert parse_query(f"moon -{quoted}") == ParsedQuery("moon", without=("neap tide",))
    assert parse_query(f"title:{quoted}") == ParsedQuery("", titles=("neap tide",))


@pytest.mark.parametrize("typed", ["sailor\u2019s tide", "\u2018neap\u2019 tide", "24″ screen"])
def test_an_apostrophe_is_no_quotation_mark(typed: str) -> None:
    assert parse_query(typed) == ParsedQuery(typed)


@pytest.mark.parametrize("typed", ['"half open', "--verbose", "type:", "-type:pdf", 'a"b"c'])
def test_what_does_not_fit_is_plain_words(typed: str) -> None:
    assert parse_query(typed) == ParsedQuery(typed)


@given(st.text(max_size=200))
def test_no_text_is_an_error(typed: str) -> None:
    assert "\0" not in parse_query(typed).text


@pytest.mark.parametrize("typed", [
    'tide  type:pdf -draft "red box" year:soon', "-type:pdf “neap tide” -“red box” half\"open",
])  # fmt: skip
def test_the_places_of_text_are_those_of_its_words_and_phrases(typed: str) -> None:
    assert " ".join(typed[a:b] for a, b in text_spans(typed)) == parse_query(typed).text


def test_repeated_restrictions_count_once_and_many_are_cut() -> None:
    assert parse_query("tide " + "-neap " * 50).without == ("neap",)
    assert len(parse_query(" ".join(f"-word{n}" for n in range(50))).without) == MAX_RESTRICTIONS


def test_only_the_first_characters_count() -> None:
    assert len(parse_query("word " * MAX_QUERY_LENGTH).text) <= MAX_QUERY_LENGTH
