"""Each user's recent searches: what is kept, how much, how long."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from retrieval.feedback import count_searches, delete_old_searches, keep_search
from retrieval.feedback import recent_searches as module
from retrieval.models import RecentSearch
from retrieval.search import SearchRequest, search_documents
from tests.retrieval.conftest import Index

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(indexed: Index) -> User:
    indexed("Rules", "Harbour dues are paid by the ferry.")
    return User.objects.create_user("ada")


@pytest.fixture
def client(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


def test_of_an_anonymous_caller_nothing_is_kept(ada: User) -> None:
    Client().get("/", {"q": "harbour"})
    assert not RecentSearch.objects.exists()


def test_neither_pauses_in_typing_nor_further_pages_nor_the_api_are_kept(
    ada: User, client: Client
) -> None:
    client.get("/", {"q": "harb"}, headers={"Lantern-Paused": "1"})
    client.get("/", {"q": "harbour", "page": "2"})
    client.get("/api/v1/search", {"q": "harbour"})
    assert count_searches(ada) == 0
    client.get("/", {"q": "harbour"})
    assert count_searches(ada) == 1


def test_only_the_latest_are_kept(
    ada: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 2)
    for query in ("harbour", "dues", "ferry"):
        client.get("/", {"q": query})
    assert set(ada.recent_searches.values_list("query", flat=True)) == {"dues", "ferry"}


def test_they_are_forgotten_after_the_days_set(ada: User, client: Client, settings: Any) -> None:
    settings.SEARCH_HISTORY_DAYS = 30
    for query in ("harbour", "dues"):
        client.get("/", {"q": query})
    ada.recent_searches.filter(query="dues").update(searched_at=timezone.now() - timedelta(days=31))
    assert delete_old_searches() == 1
    assert ada.recent_searches.get().query == "harbour"


def test_where_none_are_kept_those_of_before_are_forgotten(
    ada: User, client: Client, settings: Any
) -> None:
    client.get("/", {"q": "harbour"})
    settings.SEARCH_HISTORY_DAYS = 0
    client.get("/", {"q": "dues"})
    assert count_searches(ada) == 1
    delete_old_searches()
    assert count_searches(ada) == 0


def test_a_search_that_cannot_be_kept_is_no_error(
    ada: User, caplog: pytest.LogCaptureFixture
) -> None:
    page = search_documents(ada, SearchRequest("harbour"))
    keep_search(ada, replace(page, query="harbour \ud800"))  # no text that the database takes
    assert "was not logged" in caplog.text
    assert count_searches(ada) == 0


def test_a_user_clears_the_own_searches_and_no_others(ada: User, client: Client) -> None:
    eve = User.objects.create_user("eve")
    RecentSearch.objects.create(user=eve, query="harbour", key="harbour")
    client.get("/", {"q": "harbour"})
    answer = client.post("/account/searches/clear", follow=True)
    assert "1 search was forgotten." in answer.content.decode()
    assert (count_searches(ada), count_searches(eve)) == (0, 1)
    assert client.get("/search/suggest", {"q": ""}).content.decode().strip() == ""
