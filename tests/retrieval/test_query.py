import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.query import MAX_LENGTH, MAX_RESTRICTIONS, Query, parse, places_of_text


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("tide tables", Query("tide tables")),
        ('"spring tide" moon', Query("spring tide moon", phrases=("spring tide",))),
        ("tide -neap", Query("tide", without=("neap",))),
        ('tide -"neap tide"', Query("tide", without=("neap tide",))),
        ("tide type:PDF", Query("tide", filters={"type": ("pdf",)})),
        ("collection:handbook leave", Query("leave", filters={"collection": ("handbook",)})),
        ("collection:HR leave", Query("leave", filters={"collection": ("HR",)})),
        ('title:"leave policy" days', Query("days", titles=("leave policy",))),
        ("ERR_4711 src/app.py a@b.org", Query("ERR_4711 src/app.py a@b.org")),
    ],
)
def test_operators_are_read(typed: str, query: Query) -> None:
    assert parse(typed) == query


QUOTED = [
    "“neap tide”", "„neap tide“", "«neap tide»", "»neap tide«", "«\u00a0neap tide\u202f»",
    "\uff02neap tide\uff02",
]  # fmt: skip


@pytest.mark.parametrize("quoted", QUOTED)
def test_quotation_marks_of_every_form_make_a_phrase(quoted: str) -> None:
    assert parse(f"moon {quoted}") == Query("moon neap tide", phrases=("neap tide",))
    assert parse(f"moon -{quoted}") == Query("moon", without=("neap tide",))
    assert parse(f"title:{quoted}") == Query("", titles=("neap tide",))


@pytest.mark.parametrize("typed", ["sailor\u2019s tide", "\u2018neap\u2019 tide", "24″ screen"])
def test_an_apostrophe_is_no_quotation_mark(typed: str) -> None:
    assert parse(typed) == Query(typed)


@pytest.mark.parametrize("typed", ['"half open', "--verbose", "type:", "-type:pdf", 'a"b"c'])
def test_what_does_not_fit_is_plain_words(typed: str) -> None:
    assert parse(typed) == Query(typed)


@given(st.text(max_size=200))
def test_no_text_is_an_error(typed: str) -> None:
    assert "\0" not in parse(typed).text


@pytest.mark.parametrize("typed", [
    'tide  type:pdf -draft "red box" year:soon', "-type:pdf “neap tide” -“red box” half\"open",
])  # fmt: skip
def test_the_places_of_text_are_those_of_its_words_and_phrases(typed: str) -> None:
    assert " ".join(typed[a:b] for a, b in places_of_text(typed)) == parse(typed).text


def test_repeated_restrictions_count_once_and_many_are_cut() -> None:
    assert parse("tide " + "-neap " * 50).without == ("neap",)
    assert len(parse(" ".join(f"-word{n}" for n in range(50))).without) == MAX_RESTRICTIONS


def test_only_the_first_characters_count() -> None:
    assert len(parse("word " * MAX_LENGTH).text) <= MAX_LENGTH
