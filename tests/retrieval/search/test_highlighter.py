from retrieval.hits import DocumentEntry
from retrieval.lexical import BM25Index
from retrieval.query.terms import query_terms
from retrieval.query.word_index import WordIndex
from retrieval.search.highlighter import highlight_spans
from tests.retrieval.rows import passage_entry


def marked(text: str, query: str, language: str = "en") -> list[str]:
    index = BM25Index.build([(DocumentEntry("one"), [passage_entry(1, text, language)])])
    words = WordIndex(index, index.visible({}), [language])
    found = highlight_spans(text, query_terms(query, [language], words), language)
    return [text[start:end] for start, end in found]


def test_other_forms_of_a_word_are_marked() -> None:
    assert marked("The tides turned; a tide turns twice.", "turning tide") == [
        "tides", "turned", "tide", "turns",
    ]  # fmt: skip


def test_stop_words_are_not_marked() -> None:
    assert marked("the history of the tide", "the tide of") == ["tide"]


def test_places_count_code_points_of_the_text_as_it_is() -> None:
    assert marked("🌊🌊 ﬁne Straße", "fine strasse", "de") == ["ﬁne", "Straße"]


def test_an_identifier_is_marked_as_one() -> None:
    assert marked("See ERR_4711 in src/app.py.", "ERR_4711") == ["ERR_4711"]


def test_the_parts_of_an_identifier_are_not_marked_outside_it() -> None:
    assert marked("An ERR at 4711 is no ERR_4711.", "ERR_4711") == ["ERR_4711"]


def test_words_that_one_writes_joined_are_one_mark() -> None:
    assert marked("The wi-fi and the WiFi.", "wifi") == ["wi-fi", "WiFi"]
    assert marked("It is a wifi.", "wi-fi") == ["wifi"]


def test_an_apostrophe_does_not_split_a_mark() -> None:
    assert marked("The sailor's knots.", "sailor's knot")[-1] == "knots"


def test_decomposed_and_half_width_letters_are_marked_whole() -> None:
    hangul = "\u1112\u1161\u11ab\u1100\u1173\u11af"  # 한글
    assert marked(f"이 {hangul} 문서", "한글", "ko") == [hangul]
    assert marked("これは ｶﾞｲﾄﾞ です", "ガイド", "ja") == ["ｶﾞｲﾄﾞ"]
