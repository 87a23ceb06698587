"""As many scores as there is time for, those of the best first, and none counted twice."""

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
# Texts in one step, for each core: few enough to stop in time, enough to fill a batch.
STEP = 2
# Of the budget, how much may pass in waiting for a turn.
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
    """Scores of the first of `texts`: of all, or of as many as fit into the budget.

    A score known from the last minutes costs nothing. The first step is taken however small the
    budget, unless so many others are reading that no turn comes in time: then there are none but
    known scores, since all who share the processors would be late.
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
    """Whether a processor is free for one more reader, or becomes so in time."""
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


def reserve_models(seconds: float) -> None:
    """Drop all kept scores, and keep new ones so long, however many they are."""
    global _kept  # noqa: PLW0603
    with _lock:
        _kept = TTLCache(10 * KEPT_SCORES, seconds)


def clear_score_cache() -> None:
    """Drop all kept scores."""
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
