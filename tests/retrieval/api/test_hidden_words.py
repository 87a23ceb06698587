"""What a stranger's scores say of documents that he may not see: nothing. Every answer is compared
with the answer to the same question before these documents were there, byte by byte."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings
from rest_framework.test import APIClient

from documents.models import Collection, CollectionMember
from retrieval.suggest import headlines
from tests.api import caller, make_user
from tests.retrieval.conftest import Index

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.volume]

PROBE = "swordfish qwxzyabsent unicornium"
PUBLIC = {
    "Tides": "The spring tide follows the new moon, when sun and moon pull together.",
    "Harbour": "The harbour master keeps the harbour dues and the tide table of the harbour.",
    "Ferries": "A ferry leaves the harbour at low tide. The ferryman keeps a timetable.",
    "Spring": "In spring the tide of visitors comes by ferry, and the moon is full of promise.",
    "Dues": "The harbour takes dues of each ferry, and of the moon no dues; a spring takes tides.",
}
SECRETS = {
    "Layoffs": "Swordfish is the plan for layoffs. Swordfish begins in spring.",
    "Swordfish": "The harbour is sold. The harbour master is not told of swordfish.",
    "Ferment": "Ferrous ferries, ferns and ferrets ferment; the ferryboat is a swordfish. " * 9,
    "Moon": "Harbours, harbouring, harboured. Unicornia. Swordfishing with tides and moons.",
}
QUESTIONS: list[dict[str, str]] = [
    {"q": query, "mode": mode, "explain": "true", **more}
    for mode in ("lexical", "dense", "hybrid")
    for query, more in [
        ("swordfish", {}),
        ("unicornium qwxzyabsent", {"rerank": "true"}),
        ("harbour tide moon", {"rerank": "true"}),
        ("harbour", {"collection": "handbook"}),
        ("tide ferry", {"fusion": "z_score"}),
        ("tide ferry", {"fusion": "rrf", "type": "txt"}),
        ('"spring tide"', {}),
        ('tide -"harbour dues"', {}),
        ("moon ferry dues promise", {"dense_weight": "0.2"}),
        ("swordfsh layofs", {}),  # did you mean?
        ("layoffs", {}),
        ("ferryboats", {}),
        ("collection:vault swordfish", {}),
    ]
]
BEGINNINGS = [
    "sw",
    "fe",
    "ferr",
    "ha",
    "harbour ",
    "spring ",
    "the moon ",
    "ferry t",
    "the ti",
    "lay",
    "swordfish ",
]


@pytest.fixture
def vault(indexed: Index, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Collection:
    """A restricted collection without documents, beside public ones and an internal probe. Only
    the first of few candidates are looked at, so that their order shows in everything."""
    settings.RERANK_BUDGET_MS = None  # reranks as many, however busy the machine
    settings.RETRIEVER_TOP_K = 2
    monkeypatch.setattr(headlines, "MOST_READ", 1)
    inn = Collection.objects.create(name="Inn", slug="inn", visibility="internal")
    for title, text in PUBLIC.items():
        indexed(title, text)
    indexed("Probe", PROBE, into=inn)
    return Collection.objects.create(name="Vault", slug="vault", visibility="restricted")


Keep = Callable[[], None]


@pytest.fixture
def keep_secrets(vault: Collection, indexed: Index) -> Keep:
    def add() -> None:
        for title, text in SECRETS.items():
            indexed(title, text, into=vault)

    return add


def answers(client: APIClient) -> Iterator[str]:
    """All that search and autocomplete answer, but for time taken and the id of the search."""
    for question in QUESTIONS:
        answer = client.get("/api/v1/search", {"rerank": "false", **question})
        body = answer.json()
        assert answer.status_code == 200, body
        body.pop("took_ms"), body.pop("search_id")
        yield json.dumps([question, body])
    for typed in BEGINNINGS:
        yield json.dumps([typed, client.get("/api/v1/autocomplete", {"q": typed}).json()])


def word_score(client: APIClient, word: str) -> float:
    """What the probe's one word adds to its score, as an attacker reads it."""
    asked = {"q": word, "mode": "lexical", "explain": "true", "collection": "inn"}
    (result,) = client.get("/api/v1/search", asked).json()["results"]
    (term,) = result["explanation"]["terms"]
    assert result["explanation"]["retrievers"]["lexical"]["score"] == term["score"]
    score: float = term["score"]
    return score


@pytest.mark.parametrize("who", ["anonymous", "stranger"])
def test_hidden_documents_change_no_byte_of_an_answer(
    who: str, vault: Collection, keep_secrets: Keep
) -> None:
    client = caller(make_user("stranger") if who == "stranger" else None)
    staff = caller(make_user("root", staff=True))
    before, all_before = list(answers(client)), list(answers(staff))
    keep_secrets()
    assert list(answers(client)) == before
    assert list(answers(staff)) != all_before
    vault.documents.all().delete()
    assert list(answers(client)) == before


def test_a_word_that_stands_in_hidden_documents_scores_as_one_that_stands_nowhere(
    keep_secrets: Keep,
) -> None:
    keep_secrets()
    stranger, staff = caller(make_user("stranger")), caller(make_user("root", staff=True))
    words = PROBE.split()
    assert len({word_score(stranger, word) for word in words}) == 1
    assert len({word_score(staff, word) for word in words}) > 1  # who may see all, sees why


def test_scores_follow_who_may_see_what(vault: Collection, keep_secrets: Keep) -> None:
    keep_secrets()
    user: User = make_user("reader")
    client = caller(user)
    outside = word_score(client, "swordfish")
    member = CollectionMember.objects.create(collection=vault, user=user)
    inside = word_score(client, "swordfish")
    assert inside < outside  # four more passages hold it
    member.delete()
    assert word_score(client, "swordfish") == outside
    Collection.objects.filter(pk=vault.pk).update(visibility="internal")
    assert word_score(client, "swordfish") == inside
    Collection.objects.filter(pk=vault.pk).update(visibility="restricted")
    assert word_score(client, "swordfish") == outside


def test_filters_do_not_change_what_a_word_weighs(vault: Collection) -> None:
    client = caller(make_user("stranger"))

    def score(**filters: Any) -> float:
        asked = {"q": "harbour", "mode": "lexical", "explain": "true", **filters}
        body = client.get("/api/v1/search", asked).json()
        best: float = body["results"][0]["explanation"]["terms"][0]["score"]
        return best

    assert score() == score(collection="handbook") == score(type="txt")
