"""Scores within a time budget, best candidates first, with a cache of recent scores."""

import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import TYPE_CHECKING

from cachetools import TTLCache

from documents.embedding import core_count
from retrieval.late_interaction import TermWeights, uniform_weights

if TYPE_CHECKING:
    from retrieval.rerankers.registry import Reranker

KEPT_SCORES = 50_000
KEPT_SECONDS = 900
# Texts scored in one step, for each core: few enough to stop in time, enough to fill a batch.
STEP = 2
# The share of the budget that may pass while waiting for a processor.
WAITING_SHARE = 0.5

_kept: "TTLCache[bytes, float]" = TTLCache(KEPT_SCORES, KEPT_SECONDS)
_lock = threading.Lock()


def score_within_budget(
    reranker: "Reranker",
    query: str,
    texts: Sequence[str],
    weigh: TermWeights = uniform_weights,
    budget_ms: int | None = None,
) -> list[float]:
    """Scores of `texts` in order: of all, or of as many as fit into the budget.

    Cached scores are free. The first step runs with any budget, unless other searches occupy the
    processors for too long: then only cached scores are returned, as every search would be late.
    """
    started = time.perf_counter()
    fingerprint = reranker.fingerprint  # once: it may ask the database which model is live
    keys = [_key(fingerprint, query, text) for text in texts]
    known = _recall(keys)
    left = [at for at, key in enumerate(keys) if key not in known]
    size = STEP * core_count()
    with turn(budget_ms) if left else nullcontext(False) as ours:
        while left and ours:
            step, left = left[:size], left[size:]
            began = time.perf_counter()
            scores = reranker.score(query, [texts[at] for at in step], weigh)
            _keep(known, [keys[at] for at in step], scores)
            now = time.perf_counter()
            if budget_ms is not None and (now - started) + (now - began) > budget_ms / 1000:
                break
    reached = left[0] if left else len(texts)
    return [known[key] for key in keys[:reached]]


@contextmanager
def turn(budget_ms: int | None) -> Iterator[bool]:
    """Whether a processor is free, or becomes so in time."""
    timeout = None if budget_ms is None else WAITING_SHARE * budget_ms / 1000
    ours = _turns().acquire(timeout=timeout)
    try:
        yield ours
    finally:
        if ours:
            _turns().release()


@cache
def _turns() -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(core_count())


def reset_score_cache(seconds: float) -> None:
    """Drop all cached scores; new ones, ten times as many, stay for `seconds`."""
    global _kept  # noqa: PLW0603
    with _lock:
        _kept = TTLCache(10 * KEPT_SCORES, seconds)


def clear_score_cache() -> None:
    """Drop all cached scores."""
    with _lock:
        _kept.clear()


def _key(*parts: str) -> bytes:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).digest()


def _recall(keys: Sequence[bytes]) -> dict[bytes, float]:
    with _lock:
        return {key: _kept[key] for key in keys if key in _kept}


def _keep(known: dict[bytes, float], keys: Sequence[bytes], scores: Sequence[float]) -> None:
    fresh = dict(zip(keys, scores, strict=True))
    known.update(fresh)
    with _lock:
        _kept.update(fresh)
