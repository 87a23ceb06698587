"""The result cache: its callers, its lifetime, and foreign values in it."""

import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.cache import cache

from documents.messages import Message
from retrieval.lexical import WeightedTerm
from retrieval.query.request import SearchRequest
from retrieval.query.terms import QueryTerms, QueryWord
from retrieval.ranking.matches import MatchedDocuments
from retrieval.ranking.types import DocumentScore, PassageScore, RankedScore, Ranking
from retrieval.search import result_cache
from retrieval.search.result_cache import (
    CACHE_SECONDS,
    CachedSearch,
    load_search,
    renew_search,
    store_search,
)
from retrieval.search.service import search_documents
from tests.retrieval.conftest import Index

ANYONE = AnonymousUser()
ASKED = SearchRequest("spring tide", search_id="one", dense_weight=0.3)
DOCUMENT = DocumentScore(
    "0b5c1a52-0000-4000-8000-000000000000", 0.1 + 0.2, 0.3, 1,
    (PassageScore(7, 0.3, {"lexical": RankedScore(1 / 3, 1), "dense": RankedScore(0.5)}),),
)  # fmt: skip


NOTICES = (Message("lexical_only", {"reason": Message("model_not_fetched", {"model": "a/b"})}),)


MATCHED = MatchedDocuments(bytes(8))
TERMS = QueryTerms((QueryWord("tide", (WeightedTerm("en:tide"),)),))


@pytest.fixture
def search() -> CachedSearch:
    return CachedSearch(
        caller="anyone",
        ranking_key=result_cache.ranking_key(ASKED),
        filters={"type": frozenset(["pdf", "txt"]), "metadata.author": frozenset(["Ada"])},
        unfiltered=MatchedDocuments(bytes(range(16)), truncated=True),
        ranking=Ranking(TERMS, (DOCUMENT,), True, False, 0, {"total": 1.5}, MATCHED, NOTICES),
        is_exhaustive=False,
    )


def redis() -> Any:
    django_cache: Any = cache
    return django_cache._cache.get_client(None, write=True)


def key(search_id: str) -> str:
    return cache.make_key(f"kept:{search_id}")


def test_a_search_comes_back_as_it_was_kept(search: CachedSearch) -> None:
    store_search("one", search)

    assert load_search(ANYONE, ASKED) == search


@pytest.mark.django_db
def test_it_is_for_its_caller_and_for_the_same_question_alone(search: CachedSearch) -> None:
    store_search("one", search)

    assert load_search(User.objects.create_user("ada"), ASKED) is None
    assert load_search(ANYONE, replace(ASKED, query="neap tide")) is None
    assert load_search(ANYONE, replace(ASKED, dense_weight=0.4)) is None
    assert load_search(ANYONE, replace(ASKED, search_id="two")) is None
    assert load_search(ANYONE, replace(ASKED, filters={"type": ("pdf",)}, page=3)) == search


def test_a_search_that_is_read_on_lives_longer(search: CachedSearch) -> None:
    store_search("one", search)
    redis().expire(key("one"), 5)
    renew_search("one")

    assert CACHE_SECONDS - 5 < redis().ttl(key("one")) <= CACHE_SECONDS


@pytest.mark.django_db
def test_a_further_page_of_the_same_list_writes_nothing(indexed: Index) -> None:
    for number in range(3):
        indexed(f"Tides {number}", "The spring tide.")
    asked = SearchRequest("tide", page_size=1, rerank=False)
    first = search_documents(ANYONE, asked)

    def writes(**changes: Any) -> int:
        before = redis().info("commandstats")["cmdstat_set"]["calls"]
        search_documents(ANYONE, replace(asked, search_id=first.search_id, **changes))
        return int(redis().info("commandstats")["cmdstat_set"]["calls"]) - before

    assert writes(page=2) == writes(page=3) == 0
    assert writes(filters={"type": ("txt",)}) == 1
    assert writes(filters={"type": ("txt",)}, page=2) == 0


class Bomb:
    """What runs code when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return Path.touch, (self.path,)


def test_what_others_write_into_the_cache_runs_nothing(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    redis().set(key("one"), pickle.dumps(Bomb(ran)))

    assert load_search(ANYONE, ASKED) is None
    assert not ran.exists()


@pytest.mark.parametrize(
    "value",
    [7, [], "text", {"caller": "anyone"}, {"caller": "anyone", "filters": [], "ranking": {}}],
)
def test_a_search_cached_by_another_version_is_repeated(value: Any) -> None:
    cache.set("kept:one", value, 60)

    assert load_search(ANYONE, ASKED) is None
