"""The database gets so long for a step of a search, and the search goes on without its answer."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from pytest_django import Settings
from rest_framework.test import APIClient

from documents.models import PassageEmbedding
from retrieval.query.document_mask import TOO_SLOW
from retrieval.query.request import SearchRequest
from retrieval.query.statement_timeout import StatementTimeout, TimeBudget, time_limit
from retrieval.search.service import search_documents
from tests.retrieval.conftest import Index

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.volume]

DENSE = "Searching by meaning took too long and was given up: only keywords were searched."
LISTING = "Listing the documents took too long"


@contextmanager
def locked(table: str) -> Iterator[None]:
    """Statements on the table wait, as they would for a slow disk."""
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()


def test_the_time_limit_ends_with_what_it_is_for() -> None:
    with connection.cursor() as cursor:
        with pytest.raises(StatementTimeout), time_limit(20):
            cursor.execute("SELECT pg_sleep(5)")
        with time_limit(200):
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("200ms",)
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


def test_the_statements_of_a_step_share_its_time(settings: Settings) -> None:
    settings.SEARCH_TIMEOUT_MS = 300
    budget = TimeBudget()
    started = time.monotonic()
    with connection.cursor() as cursor:
        with budget.limit():
            cursor.execute("SELECT pg_sleep(0.2)")
        for _ in range(20):
            with pytest.raises(StatementTimeout), budget.limit():
                cursor.execute("SELECT pg_sleep(5)")
    assert 0.3 <= time.monotonic() - started < 1.5


@pytest.mark.parametrize("mode", ["hybrid", "dense"])
def test_where_meaning_takes_too_long_the_words_are_still_found(
    indexed: Index, settings: Settings, mode: str
) -> None:
    indexed("Tides", "The spring tide comes twice a month.")
    settings.SEARCH_TIMEOUT_MS = 200
    with locked(PassageEmbedding._meta.db_table):
        answer = APIClient().get(f"/api/v1/search?q=spring+tide&rerank=false&mode={mode}")
    assert answer.status_code == 200
    assert [found["document"]["title"] for found in answer.json()["results"]] == ["Tides"]
    assert answer.json()["warnings"] == [DENSE]
    assert answer.json()["total_relation"] == answer.json()["facets_relation"] == "gte"
    page = search_documents(AnonymousUser(), SearchRequest("spring tide"))
    assert page.total and not page.warnings


def test_a_list_that_takes_too_long_is_given_up_with_a_sentence(
    indexed: Index, settings: Settings
) -> None:
    indexed("Tides", "The spring tide comes twice a month.")
    settings.SEARCH_TIMEOUT_MS = 200
    search = SearchRequest("type:txt")
    assert search_documents(AnonymousUser(), search).total == 1
    with locked("documents_document"):
        page = search_documents(AnonymousUser(), search)
    assert (page.total, page.total_relation) == (0, "gte")
    assert [str(notice) for notice in page.warnings] == [
        f"{LISTING} and was given up. Add a word, or another filter."
    ]


def test_a_lookup_that_takes_too_long_is_given_up_with_a_notice(
    indexed: Index, settings: Settings
) -> None:
    indexed("Tides", "The spring tide comes twice a month.")
    settings.SEARCH_TIMEOUT_MS = 200
    search = SearchRequest("tide after:2000", mode="lexical")
    assert search_documents(AnonymousUser(), search).total == 1
    started = time.monotonic()
    with locked("documents_document"):
        page = search_documents(AnonymousUser(), search)
    assert (page.total, page.total_relation) == (0, "gte")
    assert page.warnings == [TOO_SLOW] and time.monotonic() - started < 3
