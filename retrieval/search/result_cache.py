"""The result cache: rankings of recent searches, each bound to its caller."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

from documents.models import TokenUser
from documents.models.permissions import Caller
from retrieval.query import SearchRequest
from retrieval.ranking import MatchedDocuments, Ranking
from retrieval.search import ranking_json
from retrieval.search.facet_values import FacetChoice

CACHE_SECONDS = 900
USABLE_ID = re.compile(r"[\w-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class CachedSearch:
    """One search of one caller.

    `ranking` obeys `filters`. `unfiltered` is what matches without filters, None where the ranking
    itself has none. An exhaustive ranking holds every match, so that any filter only narrows it.
    """

    caller: str
    ranking_key: tuple[object, ...]
    filters: FacetChoice
    unfiltered: MatchedDocuments | None
    ranking: Ranking
    is_exhaustive: bool

    @property
    def everywhere(self) -> MatchedDocuments:
        """What matches without filters."""
        return self.ranking.matched if self.unfiltered is None else self.unfiltered


def load_search(
    user: Caller, request: SearchRequest, curation: tuple[str, ...] = ()
) -> CachedSearch | None:
    """The search kept under the request's id, if it is this caller's, asked the same, and the same
    version of synonyms and pins applied."""
    kept = load_search_of(user, request.search_id)
    return kept if kept and kept.ranking_key == ranking_key(request, curation) else None


def load_search_of(user: Caller, search_id: str) -> CachedSearch | None:
    """The search kept under an id, if it is this caller's."""
    if not USABLE_ID.fullmatch(search_id):
        return None
    try:
        plain = cache.get(_key(search_id))
        kept = _from_plain(plain) if plain else None
    except (RedisError, KeyError, TypeError, ValueError, AttributeError):  # away, or not ours
        return None
    return kept if kept and kept.caller == caller_key(user) else None


def store_search(search_id: str, kept: CachedSearch) -> None:
    with suppress(RedisError):  # then the next page searches afresh
        cache.set(_key(search_id), _as_plain(kept), CACHE_SECONDS)


def renew_search(search_id: str) -> None:
    """Renew the lifetime of a cached search."""
    with suppress(RedisError):
        cache.touch(_key(search_id), CACHE_SECONDS)


def caller_key(user: Caller) -> str:
    """A token is a caller of its own, as its limits are not those of its user."""
    if isinstance(user, TokenUser):
        return f"token {user.token.pk}"
    return f"user {user.pk}" if user.is_authenticated else "anyone"


def ranking_key(request: SearchRequest, curation: tuple[str, ...] = ()) -> tuple[object, ...]:
    """The parts of a request that decide the ranking, without the filters, and the version of the
    synonyms and pins that apply."""
    return (
        request.query, request.mode, request.rerank, request.fusion, request.dense_weight,
        request.rerank_depth, request.rerank_weight, *curation,
    )  # fmt: skip


def _as_plain(kept: CachedSearch) -> dict[str, Any]:
    filters = {facet: sorted(values) for facet, values in kept.filters.items()}
    return {
        **vars(kept),
        "filters": filters,
        "unfiltered": kept.unfiltered and ranking_json.plain_matches(kept.unfiltered),
        "ranking": ranking_json.as_plain(kept.ranking),
    }


def _from_plain(plain: Mapping[str, Any]) -> CachedSearch:
    filters = {facet: frozenset(values) for facet, values in plain["filters"].items()}
    return CachedSearch(
        **{
            **plain,
            "ranking_key": tuple(plain["ranking_key"]),
            "filters": filters,
            "unfiltered": plain["unfiltered"] and ranking_json.matches_from(plain["unfiltered"]),
            "ranking": ranking_json.from_plain(plain["ranking"]),
        }
    )


def _key(search_id: str) -> str:
    return f"kept:{search_id}"
