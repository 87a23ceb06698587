"""Documents pinned to a query: where they stand, for whom, and how soon."""

import pytest
from django.contrib.auth.models import AnonymousUser, User

from documents.library import purge_documents, trash_documents
from documents.models import Collection, CollectionMember, Document
from documents.models.permissions import Caller
from retrieval.curation import pin_document, unpin
from retrieval.lexical import BM25Index
from retrieval.models import Pin
from retrieval.query.request import SearchRequest
from retrieval.search.page import SearchResponse
from retrieval.search.service import search_documents
from tests.retrieval.conftest import Index

pytestmark = [pytest.mark.django_db, pytest.mark.volume]

ANYONE = AnonymousUser()
MODES = pytest.mark.parametrize("mode", ["lexical", "dense", "hybrid"])


def search(query: str, user: Caller = ANYONE, **options: object) -> SearchResponse:
    request = SearchRequest(query, **{"mode": "lexical", "rerank": False, **options})  # type: ignore[arg-type]
    return search_documents(user, request)


def found(query: str, user: Caller = ANYONE, **options: object) -> list[str]:
    return [result.document.title for result in search(query, user, **options).results]


@pytest.fixture
def handbook(indexed: Index) -> dict[str, Document]:
    """Documents by title; "Elsewhere" has no word of the queries."""
    texts = {
        "Expenses": "How to claim expenses of travel.",
        "Travel": "Travel, travel and travel expenses: travel by rail.",
        "Expenses of travel": "ERR_4711 comes with expenses of travel.",
        "Elsewhere": "Nothing that anybody asks for.",
    }
    return {title: indexed(title, text) for title, text in texts.items()}


@MODES
@pytest.mark.parametrize("title", ["Expenses", "Elsewhere"])
def test_a_pinned_document_stands_first_though_nothing_finds_it(
    mode: str, title: str, handbook: dict[str, Document]
) -> None:
    total = search("travel", mode=mode).total
    pin_document(handbook[title], "travel", None)
    page = search("travel", mode=mode)

    assert [r.pinned for r in page.results] == [True] + [False] * (len(page.results) - 1)
    assert page.results[0].document.title == title
    assert page.results[0].relevance == "strong"
    assert page.results[0].passages
    assert page.total == total + (title == "Elsewhere")
    assert page.results[0].score > page.results[1].score


@MODES
@pytest.mark.parametrize("rerank", [False, True])
def test_pins_come_before_titles_and_these_before_identifiers(
    mode: str, rerank: bool, handbook: dict[str, Document]
) -> None:
    query = "expenses of travel err_4711"
    Document.objects.filter(pk=handbook["Travel"].pk).update(title=query)
    pin_document(handbook["Elsewhere"], query, None)

    assert found(query, mode=mode, rerank=rerank)[0] == "Elsewhere"
    pin_document(handbook["Expenses"], "travel", None)
    assert found("travel", mode=mode, rerank=rerank)[0] == "Expenses"


def test_many_pins_cost_as_many_looks_at_the_index_as_one(
    handbook: dict[str, Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []

    def watch(name: str) -> None:
        real = getattr(BM25Index, name)

        def looked(*arguments: object) -> object:
            looks.append(name)
            return real(*arguments)

        monkeypatch.setattr(BM25Index, name, looked)

    def times() -> int:
        looks.clear()
        assert found("travel")
        return len(looks)

    watch("search_documents")
    watch("among")
    pin_document(handbook["Elsewhere"], "travel", None)
    one = times()
    for document in handbook.values():
        pin_document(document, "travel", None)
    assert times() == one


def test_several_pins_keep_the_order_in_which_they_were_made(
    handbook: dict[str, Document],
) -> None:
    for title in ("Elsewhere", "Expenses of travel", "Expenses"):
        pin_document(handbook[title], "travel", None)

    assert found("travel") == ["Elsewhere", "Expenses of travel", "Expenses", "Travel"]
    unpin(Pin.objects.get(document=handbook["Expenses of travel"]), None)
    assert found("travel")[:2] == ["Elsewhere", "Expenses"]


@pytest.mark.parametrize(
    ("pinned", "asked"),
    [
        ("annual report", "  Annual   REPORT "),
        ("café olé", "CAFE OLE"),
        ("Straße", "strasse"),
        ("жизнь", "ЖИЗНЬ"),
        ("東京", "東京"),
        ("ﬁnance", "Finance"),
    ],
)
def test_queries_are_compared_without_case_accents_and_spaces(
    pinned: str, asked: str, handbook: dict[str, Document]
) -> None:
    pin_document(handbook["Elsewhere"], pinned, None)

    assert found(asked) == ["Elsewhere"]


def test_a_query_of_other_words_or_another_order_has_no_pin(
    handbook: dict[str, Document],
) -> None:
    pin_document(handbook["Elsewhere"], "travel expenses", None)

    for query in ("expenses travel", "travel", "travel expenses rail", '"travel expenses"'):
        assert "Elsewhere" not in found(query), query


def test_a_pinned_document_passes_the_filters_and_exclusions_or_is_not_there(
    handbook: dict[str, Document],
) -> None:
    pin_document(handbook["Elsewhere"], "travel", None)
    pin_document(handbook["Elsewhere"], "travel -nothing", None)
    page = search("travel")

    assert found("travel", filters={"type": ("pdf",)}, search_id=page.search_id) == []
    assert found("travel", filters={"type": ("txt",)}, search_id=page.search_id)[0] == "Elsewhere"
    assert "Elsewhere" not in found("travel -nothing")
    types = {value.value: value.count for value in page.facets["type"]}
    assert sum(types.values()) == page.total


def test_a_pin_shows_to_those_alone_who_may_see_its_document(
    handbook: dict[str, Document], indexed: Index
) -> None:
    vault = Collection.objects.create(name="Vault", slug="vault", visibility="restricted")
    insider = User.objects.create_user("insider")
    CollectionMember.objects.create(collection=vault, user=insider, role="reader")
    secret = indexed("Layoffs", "A plan for layoffs.", into=vault)
    before = search("travel")
    pin_document(secret, "travel", None)
    after = search("travel")

    assert after.results == before.results
    assert (after.total, after.facets) == (before.total, before.facets)
    assert search("travel", search_id=before.search_id).search_id == before.search_id
    assert found("travel", insider)[0] == "Layoffs"


def test_pages_of_a_search_follow_a_new_pin_and_its_removal(
    handbook: dict[str, Document],
) -> None:
    page = search("travel", page_size=1)
    pin = pin_document(handbook["Elsewhere"], "travel", None)
    second = search("travel", page_size=1, page=2, search_id=page.search_id)

    assert (page.total, second.total) == (3, 4)
    assert second.results[0].document.title == page.results[0].document.title
    unpin(pin, None)
    assert search("travel", search_id=second.search_id).total == 3


def test_a_document_in_the_trash_and_a_deleted_one_are_pinned_no_more(
    handbook: dict[str, Document],
) -> None:
    pin_document(handbook["Elsewhere"], "travel", None)
    rows = Document.objects.filter(pk=handbook["Elsewhere"].pk)
    trash_documents(rows, None)

    assert "Elsewhere" not in found("travel")
    purge_documents(rows)
    assert not Pin.objects.exists()


def test_a_search_by_likeness_or_by_operators_has_no_pins(
    handbook: dict[str, Document],
) -> None:
    like = f"like:{handbook['Travel'].pk}"
    pin_document(handbook["Elsewhere"], like, None)
    pin_document(handbook["Expenses"], "type:txt", None)

    assert not any(result.pinned for result in search(like).results)
    assert not any(result.pinned for result in search("type:txt").results)


def test_a_query_with_a_pin_is_searched_as_it_is_typed(handbook: dict[str, Document]) -> None:
    assert search("travle").corrected
    pin_document(handbook["Elsewhere"], "travle", None)
    page = search("travle")

    assert not page.corrected
    assert [result.document.title for result in page.results] == ["Elsewhere"]


def test_a_pin_of_the_corrected_query_counts(handbook: dict[str, Document]) -> None:
    pin_document(handbook["Elsewhere"], "travel", None)

    assert found("travle")[0] == "Elsewhere"
