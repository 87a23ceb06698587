from retrieval.analysis.analyzer import analyzed_terms
from retrieval.search.highlighter import highlight_spans


def marked(text: str, query: str, language: str = "en") -> list[str]:
    found = highlight_spans(text, set(analyzed_terms(query, language)), language)
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
