"""What the embedding model does not read gets neither a label nor a place by its cosine."""

import pytest
from django.contrib.auth.models import AnonymousUser

from documents.embedding import configured_model
from retrieval.search import SearchRequest, SearchResponse, search_documents
from tests.retrieval.conftest import Index

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configured_model(), "languages", frozenset({"en"}))


def found(query: str, mode: str = "hybrid", rerank: bool = True) -> SearchResponse:
    return search_documents(AnonymousUser(), SearchRequest(query, mode, rerank=rerank))


@pytest.mark.parametrize("mode", ["hybrid", "dense"])
@pytest.mark.parametrize("query", ["διαστημόπλοιο", "футбольный матч", "足球比赛", "冷蔵庫の修理"])
def test_a_query_in_another_script_has_weak_matches_only_without_its_words(
    indexed: Index, query: str, mode: str
) -> None:
    indexed("Notice", "The meeting is at noon.")
    indexed("Объявление", "Собрание в полдень.", language="ru")

    page = found(query, mode)

    assert (page.total, page.results) == (0, [])
    assert {result.relevance for result in page.related} == {"weak"}


def test_its_words_still_make_a_match_strong(indexed: Index) -> None:
    indexed("Новости", "Футбольный матч перенесли.", language="ru")

    assert found("футбольный матч").results[0].relevance == "strong"


def test_the_order_is_that_of_words_where_the_documents_are_in_another_language(
    indexed: Index,
) -> None:
    for number, text in enumerate(
        ("Матч перенесли на завтра.", "Матч матч.", "Погода: матч, ветер и дождь весь день.")
    ):
        indexed(f"Новость {number}", text, language="ru")
    indexed("Notice", "The meeting is at noon.")

    words = [result.document.id for result in found("матч", "lexical", rerank=False).results]
    both = [result.document.id for result in found("матч", rerank=True).results]

    assert both[:3] == words


def test_a_question_in_another_language_is_not_ranked_by_its_meaning(indexed: Index) -> None:
    """Words that both languages have bring documents that the model reads, by chance."""
    text = "Frist: drei Monate. Mieter zahlen weiter Nebenkosten, Heizung, Wasser, Strom, Müll."
    indexed("Kündigung", text, language="de")
    for number in range(12):
        indexed(f"Note {number}", "It was in an die.", language="en")
    question = "was in der Frist an die"

    page = found(question, rerank=False)

    assert page.results[0].document.title == found(question, "lexical").results[0].document.title
    assert page.results[0].document.title == "Kündigung"


def test_a_document_in_another_language_has_no_label_by_its_cosine(indexed: Index) -> None:
    indexed("Hafen", "harbour harbour harbour", language="de")
    indexed("Harbour", "harbour harbour harbour", language="en")

    relevance = {r.document.title: r.relevance for r in found("the old harbour", "dense").results}

    assert relevance["Hafen"] == "weak"
    assert relevance["Harbour"] != "weak"
