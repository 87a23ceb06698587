"""More like this, within what the caller may see."""

import pytest
from django.contrib.auth.models import AnonymousUser, User

from documents.models import Collection
from retrieval.query.parser import parse_query
from retrieval.query.request import SearchRequest
from retrieval.search.service import search_documents
from tests.retrieval.conftest import Index

ANYONE = AnonymousUser()
pytestmark = pytest.mark.django_db


def test_what_resembles_a_document_comes_first_and_never_itself(indexed: Index) -> None:
    tides = indexed("Tides", "The spring tide follows the new moon.")
    indexed("Bread", "A sourdough starter is fed with flour and water.")
    indexed("Moon", "Sun and moon pull at the sea, and the tide rises.")
    page = search_documents(ANYONE, SearchRequest(f"like:{tides.pk}", explain=True))
    assert [r.document.title for r in [*page.results, *page.related]] == ["Moon", "Bread"]


@pytest.mark.model
def test_each_says_how_much_it_resembles(indexed: Index) -> None:
    tides = indexed("Tides", "The spring tide follows the new moon.")
    indexed("Bread", "A sourdough starter is fed with flour and water.")
    indexed("Moon", "Sun and moon pull at the sea, and the tide rises.")
    page = search_documents(ANYONE, SearchRequest(f"like:{tides.pk}", explain=True))
    assert [r.relevance for r in page.results] == ["strong"]
    assert [r.relevance for r in page.related] == ["weak"]


def test_nothing_resembles_what_the_caller_may_not_see(indexed: Index) -> None:
    hidden = Collection.objects.create(name="Secret", slug="secret", visibility="restricted")
    secret = indexed("Hidden", "The spring tide.", into=hidden)
    indexed("Tides", "The spring tide follows the new moon.")
    assert search_documents(ANYONE, SearchRequest(f"like:{secret.pk}")).total == 0
    staff = User.objects.create_superuser("root")
    assert search_documents(staff, SearchRequest(f"like:{secret.pk}")).total == 1


def test_anything_but_an_id_is_only_words() -> None:
    assert parse_query("like:water for").text == "like:water for"
