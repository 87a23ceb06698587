"""Suggestions while a query is typed, within what the caller may see."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.test import Client

from documents.models import Collection
from retrieval.completing import complete
from tests.retrieval.conftest import Index

ANYONE = AnonymousUser()

pytestmark = pytest.mark.django_db(transaction=True)


def test_words_go_on_as_documents_do_the_commonest_first(indexed: Index) -> None:
    indexed("One", "The harbour master. Harvest moon.")
    indexed("Two", "A harbour at night.")
    assert complete(ANYONE, "har").queries == ["harbour", "harvest"]
    assert complete(ANYONE, "the Harb").queries == ["the harbour"]
    assert complete(ANYONE, "h").queries == complete(ANYONE, "har ?").queries == []


def test_a_further_word_stands_in_the_same_document_as_those_before(indexed: Index) -> None:
    indexed("One", "The spring tide follows the new moon.")
    indexed("Two", "A ticket for the ferry. Timetables.")
    assert complete(ANYONE, "spring ti").queries == ["spring tide"]
    assert complete(ANYONE, "ferry ti").queries == ["ferry ticket", "ferry timetables"]


def test_titles_are_found_by_the_beginnings_of_their_words(indexed: Index) -> None:
    tides = indexed("Tides in the outer basin", "Water.")
    indexed("The outer buoys", "More water.")
    found = complete(ANYONE, "out ti").titles
    assert [(t.title, t.url) for t in found] == [(tides.title, tides.get_absolute_url())]
    assert complete(ANYONE, "outer' | !x:* bu").titles == []
    shown = [t.title for t in complete(ANYONE, "the out").titles]
    assert shown == ["The outer buoys", "Tides in the outer basin"]


def test_nothing_is_suggested_from_what_the_caller_may_not_see(indexed: Index) -> None:
    hidden = Collection.objects.create(name="Secret", slug="secret", visibility="restricted")
    indexed("Tides", "The smokehouse.")
    indexed("Smugglers", "Smugglers meet at the smithy.", into=hidden)
    assert complete(ANYONE, "sm").queries == ["smokehouse"]
    assert complete(ANYONE, "smug").titles == []
    staff = User.objects.create_user("root", is_staff=True)
    assert complete(staff, "sm").queries == ["smithy", "smokehouse", "smugglers"]
    assert [t.title for t in complete(staff, "smug").titles] == ["Smugglers"]


def test_they_come_over_rest(indexed: Index) -> None:
    tides = indexed("Tides", "The tide table.")
    answer = Client().get("/api/v1/suggest", {"q": "ti"}).json()
    assert answer["queries"] == ["tides"]
    assert [t["id"] for t in answer["titles"]] == [str(tides.pk)]
    assert Client().get("/api/v1/suggest").status_code == 400
