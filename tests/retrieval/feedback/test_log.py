"""Logs without names, judgements, their export, and what the admin makes of them."""

import json
import logging
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from documents.ingestion import publisher
from documents.models import Collection, Document
from retrieval.feedback import log
from retrieval.feedback.analytics import search_report
from retrieval.models import Click, Judgement, SearchLog
from retrieval.query import SearchRequest
from retrieval.search import SearchResponse, find_result, search_documents
from retrieval.tasks import delete_old_data
from tests.api import caller, make_user
from tests.retrieval.conftest import Index

PAGE = SearchResponse(
    query="  Solar\tPANELS ", search_id="", mode="hybrid", reranked=False, reranked_count=0,
    total=7, total_relation="eq", page=1, page_size=10, took_ms={"total": 12.5}, results=[],
    facets={},
)  # fmt: skip


ANYONE = AnonymousUser()


@pytest.fixture
def page(request: pytest.FixtureRequest) -> SearchResponse:
    """A page of a search that no other test has logged."""
    return replace(PAGE, search_id=f"{request.node.name}-{timezone.now().timestamp()}")


@pytest.fixture
def document(db: None) -> Document:
    collection = Collection.objects.create(name="Handbook", slug="handbook")
    return Document.objects.create(
        collection=collection, external_id="1", title="Panels", version=1
    )


@pytest.fixture
def user(db: None) -> User:
    return make_user("ada")


@pytest.mark.django_db
def test_a_search_is_logged_once_and_names_nobody(page: SearchResponse) -> None:
    log.log_search(page)
    log.log_search(page)
    log.log_search(replace(page, page=2))
    (row,) = SearchLog.objects.values()
    assert (row["query"], row["results"], row["took_ms"]) == ("solar panels", 7, 12.5)
    assert row["day"] == timezone.localdate()
    assert set(row) == {"id", "query", "day", "results", "took_ms"}


@pytest.fixture
def tides(indexed: Index) -> list[Document]:
    return [
        indexed("Spring tide", "The spring tide. The spring tide follows the new moon."),
        indexed("Harbour", "Moorings are checked before the spring tide by the harbour."),
    ]


def click(user: Any, search_id: str, document_id: str) -> None:
    """As the page does."""
    if result := find_result(user, search_id, document_id):
        log.log_click(result)


def opened() -> list[tuple[str, str, int]]:
    rows = Click.objects.order_by("pk").values_list("query", "document__title", "position")
    return list(rows)


def test_an_opening_is_logged_with_the_query_and_the_place_of_the_search(
    tides: list[Document],
) -> None:
    page = search_documents(ANYONE, SearchRequest("Spring  TIDE", mode="lexical"))
    first, second = (result.document for result in page.results)
    for document in (second, first, second):
        click(ANYONE, page.search_id, document.id)
    assert opened() == [("spring tide", second.title, 2), ("spring tide", first.title, 1)]
    assert set(Click.objects.values()[0]) == {"id", "query", "day", "document_id", "position"}


def test_an_operator_that_a_search_read_as_words_is_read_so_again(tides: list[Document]) -> None:
    page = search_documents(ANYONE, SearchRequest("type:harbour tide", mode="lexical"))
    first = page.results[0].document
    click(ANYONE, page.search_id, first.id)
    assert opened() == [("type:harbour tide", first.title, 1)]


def test_the_place_is_that_among_the_results_shown(tides: list[Document]) -> None:
    Document.objects.filter(pk=tides[0].pk).update(type="pdf")
    page = search_documents(
        ANYONE, SearchRequest("spring tide", mode="lexical", filters={"type": ("txt",)})
    )
    for document in tides:
        click(ANYONE, page.search_id, str(document.pk))
    assert opened() == [("spring tide", "Harbour", 1)]


def test_no_opening_is_counted_without_a_search_of_ones_own_that_shows_the_document(
    tides: list[Document], indexed: Index, user: User
) -> None:
    bread = indexed("Bread", "Flour and water.")
    hers = search_documents(user, SearchRequest("spring tide", mode="lexical"))
    for caller_, search_id, document in (
        (ANYONE, hers.search_id, tides[0]),
        (make_user("bob"), hers.search_id, tides[0]),
        (user, "", tides[0]),
        (user, "made-up", tides[0]),
        (user, hers.search_id, bread),
    ):
        click(caller_, search_id, str(document.pk))
    click(user, hers.search_id, "no id at all")
    Collection.objects.update(visibility="restricted")
    click(user, hers.search_id, str(tides[0].pk))  # hidden since
    assert opened() == []


@pytest.mark.django_db
def test_logging_can_be_switched_off(
    page: SearchResponse, tides: list[Document], settings: Any
) -> None:
    shown = search_documents(ANYONE, SearchRequest("spring tide", mode="lexical"))
    settings.QUERY_LOG = False
    log.log_search(page)
    click(ANYONE, shown.search_id, str(tides[0].pk))
    assert not SearchLog.objects.exists()
    assert not Click.objects.exists()


@pytest.mark.django_db
def test_a_search_that_cannot_be_logged_is_a_line_in_the_log_and_no_error(
    page: SearchResponse, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "retrieval.feedback.log"):
        log.log_search(replace(page, total=-1))  # the column takes none below zero
    assert "was not logged" in caplog.text
    assert not SearchLog.objects.exists()


@pytest.mark.timing
@pytest.mark.django_db(transaction=True)
def test_a_log_that_waits_for_a_lock_gives_up_soon(page: SearchResponse) -> None:
    """Outside a transaction, as in a request; a second connection holds the table."""
    import psycopg
    from django.db import connection

    parameters = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    with psycopg.connect(**{name: parameters[name] for name in names}) as other:
        other.execute("LOCK TABLE retrieval_searchlog IN ACCESS EXCLUSIVE MODE")
        started = timezone.now()
        log.log_search(page)
        assert timezone.now() - started < timedelta(seconds=5)
    assert not SearchLog.objects.exists()


@pytest.mark.django_db
def test_logs_are_forgotten_after_the_days_set(document: Document, settings: Any) -> None:
    settings.QUERY_LOG_DAYS = 30
    today = timezone.localdate()
    for age in (0, 30, 31):
        day = today - timedelta(days=age)
        SearchLog.objects.create(query=f"{age}", day=day, results=1, took_ms=1)
        Click.objects.create(query=f"{age}", day=day, document=document, position=1)
    delete_old_data()
    assert set(SearchLog.objects.values_list("query", flat=True)) == {"0", "30"}
    assert set(Click.objects.values_list("query", flat=True)) == {"0", "30"}


def test_a_judgement_is_replaced_and_taken_back(user: User, document: Document) -> None:
    log.set_judgement(user, "Solar panels", document.pk, True)
    log.set_judgement(user, "solar  PANELS", document.pk, False)
    assert log.judgements_of(user, "solar panels", [document.pk]) == {str(document.pk): False}
    assert Judgement.objects.count() == 1
    log.set_judgement(user, "solar panels", document.pk, None)
    assert not Judgement.objects.exists()


def test_only_who_is_signed_in_and_sees_the_document_judges(user: User, document: Document) -> None:
    with pytest.raises(PermissionDenied):
        log.set_judgement(AnonymousUser(), "solar", document.pk, True)
    Collection.objects.update(visibility="restricted")
    with pytest.raises(Document.DoesNotExist):
        log.set_judgement(user, "solar", document.pk, True)
    with pytest.raises(ValueError, match="Give the query"):
        log.set_judgement(user, "  ", document.pk, True)
    assert log.judgements_of(AnonymousUser(), "solar", [document.pk]) == {}


def test_judging_over_rest(user: User, document: Document) -> None:
    url, body = "/api/v1/judgements", {"query": "Solar", "document": str(document.pk)}
    client = caller(user)
    answer = client.post(url, {**body, "relevant": True}, format="json")
    assert (answer.status_code, answer.json()) == (200, {**body, "relevant": True})
    assert log.judgements_of(user, "solar", [document.pk]) == {str(document.pk): True}
    answer = client.post(url, {**body, "relevant": None}, format="json")
    assert answer.status_code == 200
    assert not Judgement.objects.exists()
    assert client.post(url, body, format="json").status_code == 400
    assert caller().post(url, {**body, "relevant": True}, format="json").status_code == 401
    Collection.objects.update(visibility="restricted")
    assert client.post(url, {**body, "relevant": True}, format="json").status_code == 404


@pytest.mark.django_db
def test_a_search_over_rest_is_logged() -> None:
    assert caller().get("/api/v1/search", {"q": "Zeppelin", "mode": "lexical"}).status_code == 200
    assert SearchLog.objects.get().query == "zeppelin"


def test_what_is_about_a_document_goes_with_it(user: User, document: Document) -> None:
    Click.objects.create(query="solar", document=document, position=1)
    log.set_judgement(user, "solar", document.pk, True)
    publisher.delete_published([document.pk])
    assert not Click.objects.exists()
    assert not Judgement.objects.exists()


def test_a_judgement_outlives_its_user_without_the_name(user: User, document: Document) -> None:
    log.set_judgement(user, "solar", document.pk, True)
    user.delete()
    assert Judgement.objects.get().user is None


def test_judgements_are_exported_by_majority_and_evaluated(
    indexed: Index, user: User, tmp_path: Path
) -> None:
    bread = indexed("Bread", "A sourdough starter is fed with flour and water every day.")
    tides = indexed("Tides", "The spring tide follows the new moon.")
    others = [make_user(name) for name in ("ben", "cyd")]
    for who, verdict in zip((user, *others), (True, True, False), strict=True):
        log.set_judgement(who, "Feeding a starter", bread.pk, verdict)
    for who in others:
        log.set_judgement(who, "feeding a starter", tides.pk, False)
    log.set_judgement(user, "tied", tides.pk, True)
    log.set_judgement(others[0], "tied", tides.pk, False)
    out = StringIO()
    training = tmp_path / "training.jsonl"
    call_command("export_judgements", tmp_path / "out", training=training, stdout=out)
    assert "2 judgements of 1 queries" in out.getvalue()
    assert "1 were left out" in out.getvalue()
    (query,) = map(json.loads, (tmp_path / "out" / "queries.jsonl").read_text().splitlines())
    assert query["text"] == "feeding a starter"
    lines = (tmp_path / "out" / "qrels" / "test.tsv").read_text().splitlines()[1:]
    assert set(lines) == {f"{query['_id']}\t{bread.pk}\t1", f"{query['_id']}\t{tides.pk}\t0"}
    (row,) = map(json.loads, training.read_text().splitlines())
    assert row["query"] == "feeding a starter"
    assert row["positive"].startswith("Bread\nA sourdough")
    assert [text.split("\n")[0] for text in row["negatives"]] == ["Tides"]
    result = tmp_path / "own.json"
    call_command("evaluate", judgements=tmp_path / "out", mode=["hybrid"], json=result, stdout=out)
    (run,) = json.loads(result.read_text())["runs"]
    assert (run["dataset"], run["metrics"]["MRR@10"]) == ("own judgements", 1)


@pytest.mark.django_db
def test_the_admin_shows_what_searches_teach(
    document: Document, admin_client: Any, settings: Any
) -> None:
    settings.STORAGES = {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    for query, results in (("solar", 5), ("solar", 7), ("zeppelin", 0)):
        SearchLog.objects.create(query=query, results=results, took_ms=20)
    for position in (1, 1, 1, 12):
        Click.objects.create(query="solar", document=document, position=position)
    found = search_report(30)
    assert [(row.query, row.times, row.results) for row in found.most_asked] == [
        ("solar", 2, 6), ("zeppelin", 1, 0),
    ]  # fmt: skip
    assert [row.query for row in found.found_nothing] == ["zeppelin"]
    assert (found.searches, found.percent_without_result, found.openings) == (3, 33, 4)
    shares = [(row.position, row.opened, row.percent) for row in found.clicks if row.opened]
    assert shares == [("1", 3, 75), ("after 10", 1, 25)]
    shown = admin_client.get("/admin/retrieval/searchlog/?days=7").content.decode()
    assert "zeppelin" in shown
    assert "75 %" in shown
    assert admin_client.get("/admin/retrieval/judgement/").status_code == 200
    assert admin_client.get("/admin/retrieval/searchlog/add/").status_code == 403
