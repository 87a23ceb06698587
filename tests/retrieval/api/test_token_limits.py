"""A token for one collection sees and changes that one, by whatever address."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from documents.auth import api_tokens
from documents.models import ApiToken, Collection, Document, TokenScope, TokenUser
from retrieval.query import SearchRequest
from retrieval.search import search_documents
from tests.api import caller, make_user
from tests.retrieval.conftest import Index

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def boss(db: None) -> User:
    return make_user("boss", staff=True)


@pytest.fixture
def inside(collection: Collection, indexed: Index) -> Document:
    return indexed("Tides inside", "The spring tide follows the new moon.")


@pytest.fixture
def outside(indexed: Index, inside: Document) -> Document:
    vault = Collection.objects.create(name="Vault", slug="vault", visibility="restricted")
    return indexed("Tides outside", "The spring tide drowns the marshland zostera.", into=vault)


@pytest.fixture
def limited(boss: User, inside: Document, outside: Document) -> APIClient:
    """Of a member of staff, for the collection of `inside` alone."""
    return caller(boss, collections=[inside.collection])


def test_the_same_user_without_the_limit_sees_both(
    boss: User, inside: Document, outside: Document
) -> None:
    found = caller(boss).get(f"{API}/search", {"q": "spring tide"}).json()
    assert found["total"] == 2


@pytest.mark.parametrize("mode", ["hybrid", "lexical", "dense"])
def test_searches_and_facets_hold_nothing_of_other_collections(
    limited: APIClient, inside: Document, mode: str
) -> None:
    found = limited.get(f"{API}/search", {"q": "spring tide", "mode": mode}).json()
    assert [result["document"]["id"] for result in found["results"]] == [str(inside.pk)]
    assert found["total"] == 1
    assert [(one["value"], one["count"]) for one in found["facets"]["collection"]] == [
        ("handbook", 1)
    ]


def test_suggestions_hold_nothing_of_other_collections(limited: APIClient, boss: User) -> None:
    for typed in ("outs", "Tides out", "tides"):
        told = limited.get(f"{API}/autocomplete", {"q": typed}).json()
        assert "outside" not in str(told)
    assert "outside" in str(caller(boss).get(f"{API}/autocomplete", {"q": "outs"}).json())
    wrong = limited.get(f"{API}/search", {"q": "zosterra", "mode": "lexical"}).json()
    assert wrong["suggestion"] is None and wrong["total"] == 0


def test_nothing_is_like_a_document_that_the_token_is_not_for(
    limited: APIClient, outside: Document
) -> None:
    assert limited.get(f"{API}/search", {"q": f"like:{outside.pk}"}).json()["total"] == 0


def test_other_collections_and_their_documents_are_not_there(
    limited: APIClient, inside: Document, outside: Document
) -> None:
    def get(path: str, **sent: str) -> Any:
        return limited.get(f"{API}/{path}", sent)

    assert [one["slug"] for one in get("collections").json()] == ["handbook"]
    assert [one["id"] for one in get("documents").json()["results"]] == [str(inside.pk)]
    for path in ("", "/state", "/text", "/original"):
        assert get(f"documents/{outside.pk}{path}").status_code == 404
    assert get(f"documents/{inside.pk}/text").status_code == 200
    assert get("collections/vault").status_code == 404
    assert get("collections/vault/members").status_code == 404
    assert get("search", q="tide", collection="vault").status_code == 400


def test_nothing_outside_can_be_changed_or_made(
    limited: APIClient, outside: Document, settings: Any, tmp_path: Any
) -> None:
    settings.ORIGINALS_DIR = tmp_path
    body = {"title": "A", "text": "b"}
    vault = limited.post(f"{API}/documents", body | {"collection": "vault"}, format="json")
    default = limited.post(f"{API}/documents", body, format="json")
    assert vault.status_code == default.status_code == 400
    assert "collection" in vault.json()
    made = limited.post(f"{API}/collections", {"name": "Mine"}, format="json")
    assert made.status_code == 403
    judged = {"query": "tide", "document": str(outside.pk), "relevant": True}
    refused = [
        limited.patch(f"{API}/documents/{outside.pk}", {"title": "x"}, format="json"),
        limited.delete(f"{API}/documents/{outside.pk}"),
        limited.post(f"{API}/documents/{outside.pk}/retry"),
        limited.patch(f"{API}/collections/vault", {"name": "x"}, format="json"),
        limited.delete(f"{API}/collections/vault"),
        limited.post(f"{API}/judgements", judged, format="json"),
    ]
    assert [answer.status_code for answer in refused] == [404] * len(refused)
    handbook = limited.post(f"{API}/documents", body | {"collection": "handbook"}, format="json")
    assert handbook.status_code == 202


def test_a_kept_search_is_that_of_its_token(
    boss: User, limited: APIClient, inside: Document, outside: Document
) -> None:
    """The id of a search by the user, or by another token of theirs, is one of nothing."""
    mine = search_documents(boss, SearchRequest("spring tide"))
    answer = limited.get(f"{API}/search", {"q": "spring tide", "search_id": mine.search_id}).json()
    assert answer["search_id"] != mine.search_id and answer["total"] == 1
    again = limited.get(f"{API}/search", {"q": "spring tide", "search_id": answer["search_id"]})
    assert again.json()["search_id"] == answer["search_id"]
    api_tokens.create_token(boss, "other", scope=TokenScope.SEARCH)
    other = TokenUser.of(ApiToken.objects.get(name="other"))
    page = search_documents(other, SearchRequest("spring tide", search_id=answer["search_id"]))
    assert page.search_id != answer["search_id"]
