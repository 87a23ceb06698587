"""What a search finds, by rules that hold in every language. Documents are named by their titles,
which hold no word of the queries; the first found comes first."""

import pytest
from django.contrib.auth.models import AnonymousUser

from retrieval.query.request import SearchRequest
from retrieval.search.page import SearchResponse
from retrieval.search.service import search_documents
from tests.retrieval.conftest import Index

pytestmark = [pytest.mark.django_db, pytest.mark.volume]


def search(query: str, mode: str = "lexical") -> SearchResponse:
    return search_documents(AnonymousUser(), SearchRequest(query, mode=mode, rerank=False))


def found(query: str, mode: str = "lexical") -> list[str]:
    return [result.document.title for result in search(query, mode).results]


@pytest.mark.parametrize("mode", ["lexical", "dense", "hybrid"])
def test_one_document_never_uses_up_the_candidates(mode: str, indexed: Index) -> None:
    indexed("Apiary", " ".join(f"Honey of hive {n}, honey and more honey." for n in range(1000)))
    for n in range(5):
        indexed(f"Note {n}", "A jar of honey.")
    page = search("honey", mode)
    assert page.total == 6
    assert {result.document.title for result in page.results} == {
        "Apiary", *(f"Note {n}" for n in range(5)),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("fr", "Un état de siège et deux avions de valeur.", "état avions valeur"),
        ("ru", "Жизнь человека за один год.", "жизнь год"),
        ("es", "El empleo y el trabajo del estado.", "empleo trabajo estado"),
        ("vi", "Mọi người đều cần nước sạch.", "nước người"),
        ("it", "Lo stato e il lavoro.", "stato lavoro"),
        ("de", "Die Arbeit eines Jahres im Staat.", "Arbeit Staat"),
    ],
)
def test_words_that_tell_something_are_found_each_by_itself(
    language: str, text: str, words: str, indexed: Index
) -> None:
    indexed("X", text, language=language)
    for word in words.split():
        assert found(word) == ["X"], word


def test_stop_words_are_looked_for_where_nothing_else_is(indexed: Index) -> None:
    indexed("Band", "A concert by The Who at Leeds.")
    indexed("Hamlet", "To be or not to be, he asks.")
    indexed("Brot", "Das Brot des Bäckers wer und wie.", language="de")
    assert found('"the who"') == ["Band"]
    assert found('"to be or not to be"') == ["Hamlet"]
    assert found("to be or not to be")[0] == "Hamlet"
    assert found('concert -"the who"') == []


def test_what_is_written_in_capitals_is_no_stop_word(indexed: Index) -> None:
    indexed("Prose", "It is a place that it has, and who it is for is not said. It is so.")
    for n in range(4):
        indexed(f"Other {n}", "Bread and butter.")
    indexed("Office", "The staff of the IT office follow WHO guidelines.")
    assert found("IT office")[0] == found("WHO guidelines")[0] == found("IT")[0] == "Office"


@pytest.mark.parametrize("mode", ["lexical", "hybrid"])
def test_the_exact_word_stands_before_another_with_its_stem(mode: str, indexed: Index) -> None:
    indexed("People", "Important people in important places.")
    indexed("Duties", "Import duties of all places.")
    assert found("import", mode)[0] == "Duties"
    assert found('"import"', mode) == ["Duties"]
    assert found("places -import") == ["People"]


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", ["The Wi-Fi here.", "The wifi here."]),
        ("en", ["Use Node.js now.", "Use nodejs now."]),
        ("en", ["With 16 GB of it.", "With 16GB of it."]),
        ("en", ["See ERR_4711 there.", "See ERR4711 there.", "See ERR-4711 there."]),
        ("en", ["In the U.S.A. today.", "In the USA today."]),
        ("de", ["Die E-Mail ist da.", "Die Email ist da."]),
        ("fr", ["Le week-end est là.", "Le weekend est là."]),
        ("nl", ["De auto-industrie groeit.", "De autoindustrie groeit."]),
        ("es", ["El anti-virus sirve.", "El antivirus sirve."]),
    ],
)
def test_a_word_is_found_however_it_is_joined(
    language: str, forms: list[str], indexed: Index
) -> None:
    for n, text in enumerate(forms):
        indexed(f"T{n}", text, language=language)
    for text in forms:
        word = text.rstrip(".").split(" ", 1)[1].rsplit(" ", 1)[0].removesuffix(" of")
        assert set(found(word)) == {f"T{n}" for n in range(len(forms))}, word


def test_two_words_find_what_others_join(indexed: Index) -> None:
    indexed("Apart", "The wi fi here.")
    indexed("Joined", "The wifi here.")
    indexed("Hyphen", "The Wi-Fi here.")
    assert set(found("wi fi")) == set(found("wi-fi")) == {"Apart", "Joined", "Hyphen"}


@pytest.mark.parametrize(
    "written", [["1.000.000", "1,000,000", "1 000 000", "1'000'000", "1000000"],
                ["1.234,56", "1,234.56", "1'234.56"]]
)  # fmt: skip
def test_a_number_is_found_whatever_separates_its_groups(
    written: list[str], indexed: Index
) -> None:
    for n, number in enumerate(written):
        indexed(f"T{n}", f"It has {number} parts", language=["de", "en", "fr"][n % 3])
    for number in written:
        assert set(found(number)) == {f"T{n}" for n in range(len(written))}, number


@pytest.mark.parametrize(
    ("language", "text", "typed"),
    [
        ("pl", "Spacer po mieście Łódź.", "lodz"),
        ("da", "En tur til Ærøskøbing.", "aeroskobing"),
        ("de", "Herr Müller geht.", "mueller"),
        ("tr", "Çal\u0131şma saatleri.", "calisma"),
        ("is", "Ferð til Þingvalla.", "thingvalla"),
        ("he", "דוד הַמֶּלֶךְ", "המלך"),
        ("en", "A zero\u200bwidth word\u2060joiner.", "zerowidth"),
        ("zh", "我去圖書館讀書", "图书馆"),
    ],
)
def test_letters_meet_those_of_any_keyboard(
    language: str, text: str, typed: str, indexed: Index
) -> None:
    indexed("X", text, language=language)
    assert found(typed) == found(f'"{typed}"') == ["X"]
    assert found(f"x -{typed}") == []


@pytest.mark.parametrize(
    ("language", "text", "typed"),
    [
        ("zh", "这里的水很干净。", "水"),
        ("ja", "ｶﾞｲﾄﾞを読む。", "ガイド"),
        ("ko", "\u1112\u1161\u11ab\u1100\u1173\u11af 문서", "한글"),
        ("th", "ฉันชอบฟุตบอลมาก", "ฟุตบอล"),
        ("ja", "東京大学は国立です。", "東京大学"),
    ],
)
def test_scripts_without_spaces_are_found_and_marked_whole(
    language: str, text: str, typed: str, indexed: Index
) -> None:
    indexed("X", text, language=language)
    (result,) = search(typed).results
    passage = result.passages[0]
    assert passage.highlights
    (start, end), *_ = passage.highlights
    assert search(text[start:end]).total == 1
    assert found(f'"{typed}"') == ["X"]


def test_compounds_follow_the_word_itself(indexed: Index) -> None:
    indexed("Teil", "Die Krankenversicherung zahlt.", language="de")
    indexed("Ganz", "Die Versicherung zahlt.", language="de")
    indexed("Wort", "Die Kranken zahlen.", language="de")
    assert found("Versicherung") == ["Ganz", "Teil"]


def test_a_word_broken_at_the_end_of_a_line_is_found(indexed: Index) -> None:
    indexed("Broken", "All the infor-\nmation is kept, long-\nterm or not.")
    assert found("information") == found("longterm") == found("long-term") == ["Broken"]


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("harbour -type:md", {"Pier", "Hafen"}),
        ("harbour -language:de", {"Pier", "Quay"}),
        ("harbour -title:pier", {"Quay", "Hafen"}),
        ("harbour -quay*", {"Pier", "Hafen"}),
        ("harb*", {"Pier", "Quay", "Hafen"}),
        ("+harbour quays", {"Pier", "Quay", "Hafen"}),
        ("harbour AND quays", {"Quay"}),
        ('"a quays" OR "der harbour"', {"Quay", "Hafen"}),
        ("harbour NOT quays", {"Pier", "Hafen"}),
        ("harbour after:2000", {"Pier", "Quay", "Hafen"}),
        ("harbour before:2000", set()),
        ("filename:dock", {"Quay"}),
        ('"a harbour".', {"Pier", "Quay"}),
    ],
)
def test_operators_restrict_and_exclude(typed: str, titles: set[str], indexed: Index) -> None:
    indexed("Pier", "A harbour.")
    indexed("Quay", "A quays, a harbour.", type="md", filename="dock_2024.md")
    indexed("Hafen", "Der harbour.", language="de")
    for mode in ("lexical", "hybrid"):
        assert set(found(typed, mode)) == titles
