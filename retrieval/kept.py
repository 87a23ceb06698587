"""Searches kept for a while, each bound to its caller."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.core.cache import cache
from redis.exceptions import RedisError

from documents.models import Document
from documents.querysets import Caller
from retrieval.pages import SearchRequest
from retrieval.ranking import DocumentScore, Ranking

KEPT_SECONDS = 900


@dataclass(frozen=True)
class Kept:
    """One search of one caller. `ranking` obeys the filters `chosen`, `base` none of them."""

    caller: str
    asked: tuple[object, ...]
    chosen: tuple[frozenset[str], frozenset[str]]
    base: Ranking
    ranking: Ranking


def recall(user: Caller, request: SearchRequest) -> Kept | None:
    """The search kept under the request's id, if it is this caller's and asked the same."""
    if not request.search_id:
        return None
    try:
        kept = cache.get(_key(request.search_id))
    except RedisError:
        return None
    if not isinstance(kept, Kept) or kept.caller != caller_of(user):
        return None
    return kept if kept.asked == asked_by(request) else None


def keep(search_id: str, kept: Kept) -> None:
    with suppress(RedisError):  # then the next page searches afresh
        cache.set(_key(search_id), kept, KEPT_SECONDS)


def caller_of(user: Caller) -> str:
    return f"user {user.pk}" if user.is_authenticated else "anyone"


def asked_by(request: SearchRequest) -> tuple[object, ...]:
    """Everything that decides the ranking, filters that can be chosen aside."""
    return (
        request.query, request.mode, request.rerank, request.metadata, request.fusion,
        request.dense_weight, request.rerank_depth, request.rerank_weight,
    )  # fmt: skip


def chosen_by(request: SearchRequest) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(request.collections), frozenset(request.types)


def still_visible(user: Caller, documents: Sequence[DocumentScore]) -> list[DocumentScore]:
    """Those that exist and that the caller may see at this moment."""
    ids = [document.document_id for document in documents]
    visible = Document.objects.visible_to(user).filter(pk__in=ids, version__gt=0)
    kept = {str(pk) for pk in visible.values_list("pk", flat=True)}
    return [document for document in documents if document.document_id in kept]


def _key(search_id: str) -> str:
    return f"search:{search_id}"
