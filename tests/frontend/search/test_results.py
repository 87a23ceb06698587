"""What a result shows of the passages that were found."""

from datetime import UTC, datetime

from frontend.search.params import SearchParams
from frontend.search.results import ResultView, _result
from retrieval.search import DocumentCard, PassageHit, SearchResult

CARD = DocumentCard(
    "1", "Tides", "sea", "Sea", "md", "Markdown", "en", "/documents/1/", {}, "",
    datetime(2026, 1, 1, tzinfo=UTC), 2026,
)  # fmt: skip


def result(*texts: str, mark: str = "tide", headings: list[str] | None = None) -> ResultView:
    hits = [
        PassageHit(
            number, text, None, number * 100, number * 100 + len(text),
            [(text.index(mark), text.index(mark) + len(mark))] if mark in text else [],
            headings or [],
        )
        for number, text in enumerate(texts)
    ]  # fmt: skip
    return _result(1, SearchResult(CARD, 1.0, hits), SearchParams(query="tide"), [])


def numbers(shown: ResultView) -> list[int]:
    return [passage.passage for passage in shown.passages]


def test_a_further_passage_without_a_word_of_the_query_is_left_out() -> None:
    assert numbers(result("a tide", "a letterhead", "the tide")) == [0, 2]
    assert numbers(result("the sea", "the moon")) == [0, 1]  # found by meaning alone


def test_the_title_is_not_repeated_above_a_passage() -> None:
    assert result("a tide", headings=["Tides", "Spring"]).passages[0].headings == ["Spring"]
    assert result("a tide", headings=["Moon", "Tides"]).passages[0].headings == ["Moon", "Tides"]
