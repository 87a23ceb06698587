"""Searches kept for a while, each bound to its caller."""

import pickle
import zlib
from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import dataclass, replace

from django.core.cache import cache
from redis.exceptions import RedisError

from documents.querysets import Caller
from retrieval import packing
from retrieval.pages import SearchRequest
from retrieval.ranking import Ranking
from retrieval.traits import Choice

KEPT_SECONDS = 900


@dataclass(frozen=True)
class Kept:
    """One search of one caller. `ranking` obeys the filters `chosen`; `base` are the documents
    found without any, and `base_cut` whether there are more. A `whole` ranking holds all that
    matches, so that any filter only narrows it."""

    caller: str
    asked: tuple[object, ...]
    chosen: Choice
    base: tuple[str, ...]
    base_cut: bool
    ranking: Ranking
    whole: bool


def recall(user: Caller, request: SearchRequest) -> Kept | None:
    """The search kept under the request's id, if it is this caller's and asked the same."""
    if not request.search_id:
        return None
    try:
        packed = cache.get(_key(request.search_id))
    except RedisError:
        return None
    kept = _unpacked(b64decode(packed)) if packed else None
    if kept is None or kept.caller != caller_of(user):
        return None
    return kept if kept.asked == asked_by(request) else None


def keep(search_id: str, kept: Kept) -> None:
    with suppress(RedisError):  # then the next page searches afresh
        cache.set(_key(search_id), b64encode(_packed(kept)).decode(), KEPT_SECONDS)


def caller_of(user: Caller) -> str:
    return f"user {user.pk}" if user.is_authenticated else "anyone"


def asked_by(request: SearchRequest) -> tuple[object, ...]:
    """Everything that decides the ranking, filters that can be chosen aside."""
    return (
        request.query, request.mode, request.rerank, request.fusion, request.dense_weight,
        request.rerank_depth, request.rerank_weight,
    )  # fmt: skip


def _packed(kept: Kept) -> bytes:
    bare = replace(kept, base=(), ranking=replace(kept.ranking, documents=()))
    lists = packing.pack_ids(kept.base), packing.pack(kept.ranking.documents)
    return zlib.compress(pickle.dumps((bare, *lists)), 1)


def _unpacked(packed: bytes) -> Kept:
    # Ours alone: the broker is this installation's own, as it is for the tasks in it.
    bare, base, documents = pickle.loads(zlib.decompress(packed))  # noqa: S301
    ranking = replace(bare.ranking, documents=packing.unpack(documents))
    kept: Kept = replace(bare, base=tuple(packing.unpack_ids(base)), ranking=ranking)
    return kept


def _key(search_id: str) -> str:
    return f"kept:{search_id}"
