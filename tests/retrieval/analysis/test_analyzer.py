"""The analysis chain: the terms of a text and their offsets."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.analyzer import (
    LANGUAGES,
    analyze,
    analyze_text,
    analyzed_terms,
    identifier_terms,
    language_code,
)


def test_words_are_folded_stopped_and_stemmed_with_their_language():
    assert analyzed_terms("The Searching of searches", "en") == ["en:search", "en:search"]
    assert analyzed_terms("Häuser und Haus", "de") == ["de:haus", "de:haus"]


def test_an_unknown_language_is_neither_stemmed_nor_stopped_nor_an_error():
    assert analyzed_terms("the searches", "xx") == ["xx:the", "xx:searches"]
    assert analyzed_terms("word", "") == ["und:word"]
    assert analyzed_terms("word", "a:b") == ["und:word"]


@pytest.mark.parametrize("name", ["en", "EN", "en-GB", "en_us", "english", " English "])
def test_a_language_goes_by_many_names(name):
    assert language_code(name) == "en"


def test_every_listed_language_can_be_analysed():
    for code in LANGUAGES:
        assert analyzed_terms("Zebra 12", code)[-1] == f"{code}:12"


def test_width_composition_and_accents_do_not_hide_a_word():
    assert analyzed_terms("\uff53\uff45arch", "en") == ["en:search"]  # full width
    assert (
        analyzed_terms("re\u0301sume\u0301", "en")
        == analyzed_terms("résumé", "en")
        == analyzed_terms("resume", "en")
    )
    assert analyzed_terms("ﬁnding", "en") == analyzed_terms("finding", "en")
    assert analyzed_terms("hyphen\u00adation", "en") == analyzed_terms("hyphenation", "en")
    assert analyzed_terms("élan", "fr") == ["fr:elan"]
    assert analyzed_terms("мой", "xx") == ["xx:мой"]  # й is a letter, not an accented и


def test_contractions_and_elisions_leave_the_word():
    assert analyzed_terms("the engine's don't isn\u2019t", "en") == ["en:engin"]
    assert analyzed_terms("l'homme qu\u2019homme", "fr") == ["fr:homm", "fr:homm"]


def test_a_number_with_a_fraction_is_one_word():
    assert analyzed_terms("2.5 and 1,000 and [3,5]", "en") == ["en:2.5", "en:1000", "en:3", "en:5"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ERR_4711", ["=err_4711", "xx:err", "xx:4711"]),
        ("CVE-2026-1234", ["=cve-2026-1234", "xx:cve", "xx:2026", "xx:1234"]),
        ("src/app.py", ["=src/app.py", "=app.py", "xx:src", "xx:app", "xx:py"]),
        ("a.b@c.org", ["=a.b@c.org", "=c.org", "xx:org"]),
        ("C++", ["=c++"]),
        ("a320", ["=a320"]),
        ("well-known", ["xx:well", "xx:known"]),
        ("and/or", ["xx:and", "xx:or"]),
    ],
)
def test_identifiers_are_found_whole_and_by_their_parts(text, found):
    assert analyzed_terms(text, "xx") == found
    assert analyzed_terms(f"({text}).", "xx") == found


def test_only_what_can_hardly_be_prose_counts_as_an_identifier_of_a_query():
    query = "ERR_4711 src/app.py A.B@c.org CVE-2026-1234 10.0.0.1 RFC-2119 C# ERR_4711"
    assert identifier_terms(query) == [
        "=err_4711", "=src/app.py", "=a.b@c.org", "=cve-2026-1234", "=10.0.0.1", "=rfc-2119", "=c#",
    ]  # fmt: skip
    assert identifier_terms("type-2 mach 2.5 10/12 e.g. and/or well-known 3rd p53 2026 Ph.D") == []


def test_an_identifier_of_a_query_is_a_term_of_the_document_that_holds_it():
    text = "see src/app.py, ERR_4711 or a.b@c.org (RFC-2119; GSK650394)"
    assert set(identifier_terms(text)) <= set(analyzed_terms(text, "en"))


def test_text_without_spaces_is_found_by_pairs_of_characters():
    assert analyzed_terms("東京都", "ja") == ["ja:东京", "ja:京都"]
    assert analyzed_terms("茶", "zh") == ["zh:茶"]
    assert set(analyzed_terms("エンジン", "ja")) <= set(analyzed_terms("検索エンジンの研究", "ja"))
    assert set(analyzed_terms("ภาษา", "th")) <= set(analyzed_terms("ฉันพูดภาษาไทย", "th"))


def test_places_are_those_of_the_text_as_given():
    text = "İstanbul ﬁle 東京都 ERR_4711"
    found = analyze(text, "xx")
    assert all(token.surface == text[token.start : token.end] for token in found)
    assert [t.surface for t in found if t.position in (0, 1)] == ["İstanbul", "ﬁle"]
    assert {t.surface for t in found if t.term == "=err_4711"} == {"ERR_4711"}


@given(st.text(), st.sampled_from(["en", "fr", "de", "xx", ""]))
def test_the_fast_path_gives_the_same_terms(text, language):
    found = analyze(text, language)
    stems = [token.term for token in found if token.position is None]
    assert stems == analyzed_terms(text, language)
    assert all(text[token.start : token.end] == token.surface for token in found)
    assert all(token.end > token.start for token in found)
    for_index = analyze_text(text, language)
    assert for_index.terms == stems
    assert len(for_index.surfaces) == len(stems)
    words = [(t.term, t.position, t.width) for t in found if t.position is not None]
    assert [(f"~{word}", at, width) for word, at, width in for_index.words] == words


def test_threads_do_not_share_a_stemmer():
    expected = analyzed_terms("connections " * 50, "en")
    results: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: results.append(analyzed_terms("connections " * 50, "en")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 8
