"""The result cache: rankings of recent searches, each bound to its caller."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

from documents.models.permissions import Caller
from retrieval.query import SearchRequest
from retrieval.ranking import Ranking
from retrieval.search import ranking_json
from retrieval.search.facet_values import FacetChoice

CACHE_SECONDS = 900


@dataclass(frozen=True)
class CachedSearch:
    """One search of one caller.

    `ranking` obeys `filters`. `unfiltered_ids` are the documents found without filters, and
    `unfiltered_truncated` says that there are more. An exhaustive ranking holds every match, so
    that any filter only narrows it.
    """

    caller: str
    ranking_key: tuple[object, ...]
    filters: FacetChoice
    unfiltered_ids: tuple[str, ...]
    unfiltered_truncated: bool
    ranking: Ranking
    is_exhaustive: bool


def load_search(user: Caller, request: SearchRequest) -> CachedSearch | None:
    """The cached search of the request's id, if it is this caller's and has the same query."""
    if not request.search_id:
        return None
    try:
        plain = cache.get(_key(request.search_id))
        kept = _from_plain(plain) if plain else None
    except (RedisError, KeyError, TypeError, ValueError, AttributeError):  # away, or not ours
        return None
    if kept is None or kept.caller != caller_key(user):
        return None
    return kept if kept.ranking_key == ranking_key(request) else None


def store_search(search_id: str, kept: CachedSearch) -> None:
    with suppress(RedisError):  # then the next page searches afresh
        cache.set(_key(search_id), _as_plain(kept), CACHE_SECONDS)


def renew_search(search_id: str) -> None:
    """Renew the lifetime of a cached search."""
    with suppress(RedisError):
        cache.touch(_key(search_id), CACHE_SECONDS)


def caller_key(user: Caller) -> str:
    return f"user {user.pk}" if user.is_authenticated else "anyone"


def ranking_key(request: SearchRequest) -> tuple[object, ...]:
    """The parts of a request that decide the ranking, without the filters."""
    return (
        request.query, request.mode, request.rerank, request.fusion, request.dense_weight,
        request.rerank_depth, request.rerank_weight,
    )  # fmt: skip


def _as_plain(kept: CachedSearch) -> dict[str, Any]:
    filters = {facet: sorted(values) for facet, values in kept.filters.items()}
    return {**vars(kept), "filters": filters, "ranking": ranking_json.as_plain(kept.ranking)}


def _from_plain(plain: Mapping[str, Any]) -> CachedSearch:
    filters = {facet: frozenset(values) for facet, values in plain["filters"].items()}
    return CachedSearch(
        **{
            **plain,
            "ranking_key": tuple(plain["ranking_key"]),
            "filters": filters,
            "unfiltered_ids": tuple(plain["unfiltered_ids"]),
            "ranking": ranking_json.from_plain(plain["ranking"]),
        }
    )


def _key(search_id: str) -> str:
    return f"kept:{search_id}"
