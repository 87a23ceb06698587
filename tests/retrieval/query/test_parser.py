import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.query.parser import (
    MAX_QUERY_LENGTH,
    MAX_RESTRICTIONS,
    FieldText,
    ParsedQuery,
    parse_query,
    text_spans,
)


def phrase(text: str, *more: str, words: str = "") -> ParsedQuery:
    """A query that requires phrases, which are all of its text or parts of `words`."""
    whole, phrases = words or text, (text, *more)
    places = [(whole.index(each), whole.index(each) + len(each)) for each in phrases]
    required = tuple((each,) for each in phrases)
    return ParsedQuery(whole, required=required, written=tuple(places))


def codes(typed: str) -> list[str]:
    return [notice.code for notice in parse_query(typed).notices]


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("tide tables", ParsedQuery("tide tables")),
        ('"spring tide" moon', phrase("spring tide", words="spring tide moon")),
        ("tide -neap", ParsedQuery("tide", without=("neap",))),
        ('tide -"neap tide"', ParsedQuery("tide", without=("neap tide",))),
        ("tide type:PDF", ParsedQuery("tide", filters={"type": ("pdf",)})),
        ("collection:handbook leave", ParsedQuery("leave", filters={"collection": ("handbook",)})),
        ("collection:HR leave", ParsedQuery("leave", filters={"collection": ("HR",)})),
        (
            'title:"leave policy" days',
            ParsedQuery("days", fields=(FieldText("title", "leave policy"),)),
        ),
        ("filename:amcor", ParsedQuery("", fields=(FieldText("filename", "amcor"),))),
        ("ERR_4711 src/app.py a@b.org", ParsedQuery("ERR_4711 src/app.py a@b.org")),
    ],
)
def test_operators_are_read(typed: str, query: ParsedQuery) -> None:
    assert parse_query(typed) == query


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("-type:pdf", ParsedQuery("", without_filters={"type": ("pdf",)})),
        ("NOT type:pdf", ParsedQuery("", without_filters={"type": ("pdf",)})),
        ("-collection:hr", ParsedQuery("", without_filters={"collection": ("hr",)})),
        ("-title:neap", ParsedQuery("", fields=(FieldText("title", "neap", excluded=True),))),
        ("-after:2024", ParsedQuery("", dates={"before": "2024-01-01"})),
        ("-before:2024-03", ParsedQuery("", dates={"after": "2024-03-01"})),
    ],
)
def test_each_operator_can_be_negated(typed: str, query: ParsedQuery) -> None:
    assert parse_query(typed) == query
    assert parse_query(typed).only_operators


QUOTED = [
    "“neap tide”", "„neap tide“", "«neap tide»", "»neap tide«", "«\u00a0neap tide\u202f»",
    "\uff02neap tide\uff02", "'neap tide'", "「neap tide」", "‟neap tide”",
]  # fmt: skip


@pytest.mark.parametrize("quoted", QUOTED)
def test_quotation_marks_of_every_form_make_a_phrase(quoted: str) -> None:
    assert parse_query(f"moon {quoted}") == phrase("neap tide", words="moon neap tide")
    assert parse_query(f"moon -{quoted}") == ParsedQuery("moon", without=("neap tide",))
    assert parse_query(f"title:{quoted}") == ParsedQuery(
        "", fields=(FieldText("title", "neap tide"),)
    )


@pytest.mark.parametrize(
    "typed",
    [
        '"annual report".',
        '("annual report")',
        '"annual report",',
        '+"annual report"',
        '"annual report"?',
        '["annual report"]',
        '…"annual report"…',
    ],
)
def test_quotes_are_quotes_wherever_they_stand(typed: str) -> None:
    assert parse_query(typed) == phrase("annual report")


def test_phrases_need_no_space_between_them() -> None:
    both = '"annual report""2024 edition"'
    assert parse_query(both) == phrase(
        "annual report", "2024 edition", words="annual report 2024 edition"
    )
    assert parse_query('"annual report", 2024').text == "annual report 2024"


@pytest.mark.parametrize(
    "typed", ["sailor\u2019s tide", "\u2018neap\u2019 tide", "24″ screen", "don't say it's"]
)
def test_an_apostrophe_is_no_quotation_mark(typed: str) -> None:
    assert parse_query(typed) == ParsedQuery(typed)


def test_a_sign_for_inches_stays_with_its_number() -> None:
    found = parse_query('19" rack')
    assert not found.required
    assert found.text.split()[0].startswith("19") and "rack" in found.text


@pytest.mark.parametrize("typed", ["-40 degrees", "rm -rf", "tar -xzf", "-3.5 V", "ls -l"])
def test_a_number_or_a_programs_option_is_no_exclusion_and_a_notice_says_so(typed: str) -> None:
    assert parse_query(typed).without == ()
    assert codes(typed) == ["minus_kept"]


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("tide OR ebb", ParsedQuery("tide ebb")),
        ("tide OR ebb OR flow", ParsedQuery("tide ebb flow")),
        ("tide AND ebb", ParsedQuery("tide ebb", required=(("tide",), ("ebb",)))),
        ("+tide ebb", ParsedQuery("tide ebb", required=(("tide",),))),
        ("tide NOT ebb", ParsedQuery("tide", without=("ebb",))),
        ("tide AND NOT ebb", ParsedQuery("tide", without=("ebb",))),
        ("NOT gate", ParsedQuery("NOT gate")),
        ("tide OR", ParsedQuery("tide OR")),
        ("(tide ebb) flow", ParsedQuery("tide ebb flow")),
        (
            '"new moon" OR ebb',
            ParsedQuery("new moon ebb", required=(("new moon", "ebb"),), written=((0, 8),)),
        ),
    ],
)
def test_words_between_words_join_them(typed: str, query: ParsedQuery) -> None:
    assert parse_query(typed) == query


def test_a_sign_for_any_letters_makes_a_pattern() -> None:
    assert parse_query("steuer* wo*man") == ParsedQuery(
        "steuer woman", patterns=("steuer*", "wo*man")
    )
    assert parse_query("tide -neap*").without == ("neap*",)


def test_a_pattern_of_hardly_any_letter_is_none_and_a_notice_says_so() -> None:
    assert parse_query("a* tide").patterns == ()
    assert codes("a* tide") == ["pattern_too_short"]


@pytest.mark.parametrize(
    ("typed", "day"),
    [("2024", "2024-01-01"), ("2024-03", "2024-03-01"), ("2024-3-9", "2024-03-09")],
)
def test_a_date_is_a_year_a_month_or_a_day(typed: str, day: str) -> None:
    assert parse_query(f"after:{typed}").dates == {"after": day}


@pytest.mark.parametrize("typed", ["after:2024-13", "before:soon", "after:24"])
def test_what_is_no_date_is_plain_words_and_a_notice_says_so(typed: str) -> None:
    found = parse_query(typed)
    assert (found.text, found.dates) == (typed, {})
    assert codes(typed) == ["date_unknown"]


def test_a_value_that_nothing_has_is_plain_words_and_a_notice_says_so() -> None:
    found = parse_query("tide type:pdf", knows=lambda _name, _value: False)
    assert (found.text, found.filters) == ("tide type:pdf", {})
    assert [notice.code for notice in found.notices] == ["operator_value_unknown"]


@pytest.mark.parametrize("typed", ["--verbose", "type:", "host:8080", "http://title:80"])
def test_what_does_not_fit_is_plain_words(typed: str) -> None:
    assert parse_query(typed) == ParsedQuery(typed)


@given(st.text(max_size=200))
def test_no_text_is_an_error(typed: str) -> None:
    assert "\0" not in parse_query(typed).text


@pytest.mark.parametrize(("typed", "words"), [
    ('tide  type:pdf -draft "red box" year:soon', "tide year:soon"),
    ("-type:pdf “neap tide” -“red box” half\"open", "half open"),
])  # fmt: skip
def test_the_places_of_text_are_those_of_its_words_without_quoted_ones(
    typed: str, words: str
) -> None:
    assert " ".join(typed[a:b] for a, b in text_spans(typed)) == words


def test_repeated_restrictions_count_once() -> None:
    assert parse_query("tide " + "-neap " * 50).without == ("neap",)


def test_the_eleventh_exclusion_counts_and_what_is_cut_is_said() -> None:
    assert len(parse_query(" ".join(f"-word{n}" for n in range(11))).without) == 11
    many = " ".join(f"-word{n}" for n in range(MAX_RESTRICTIONS + 1))
    assert len(parse_query(many).without) == MAX_RESTRICTIONS
    assert codes(many) == ["too_many_exclusions"]
    assert codes(many.replace("-", "+")) == ["too_many_required"]
    assert codes(many.replace("-", "").replace(" ", "* ") + "*") == ["too_many_patterns"]


def test_only_the_first_characters_count() -> None:
    assert len(parse_query("word " * MAX_QUERY_LENGTH).text) <= MAX_QUERY_LENGTH
