"""Scores within a time budget, of all candidates or of none, with a cache of recent scores."""

import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from cachetools import TTLCache

from documents.embedding import core_count
from retrieval.late_interaction import TermWeights, uniform_weights
from retrieval.rerankers.registry import weights_in_scores

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
) -> list[float] | None:
    """The scores of all `texts` in order, or None where the budget does not suffice for all.

    Never those of a part: the same query has the same order however busy the machine is, or says
    that it was not reranked. Cached scores are free. The time that other searches occupy the
    processors counts, too.
    """
    started = time.perf_counter()
    about = _about(reranker, query, weigh) if texts else ()
    keys = [_key(*about, query, text) for text in texts]
    known = _recall(keys)
    left = [at for at, key in enumerate(keys) if key not in known]
    if not left:
        return [known[key] for key in keys]
    size = STEP * core_count()
    with turn(budget_ms) as ours:
        while left and ours and _in_time(started, budget_ms):
            step, left = left[:size], left[size:]
            scores = reranker.score(query, [texts[at] for at in step], weigh)
            _keep(known, [keys[at] for at in step], scores)
    return None if left else [known[key] for key in keys]


def _about(reranker: "Reranker", query: str, weigh: TermWeights) -> tuple[str, str]:
    """What a score depends on besides the texts; once for all: it may ask the database which model
    is live."""
    return reranker.fingerprint, repr(weights_in_scores(reranker, query, weigh))


def _in_time(started: float, budget_ms: int | None) -> bool:
    return budget_ms is None or (time.perf_counter() - started) * 1000 < budget_ms


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
