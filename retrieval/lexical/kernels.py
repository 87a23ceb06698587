"""Compiled inner loops of the lexical index; all arrays are C-contiguous.

`cache=True` keeps the machine code in NUMBA_CACHE_DIR, which must be set before this module is
imported. The loops release the GIL. Arrays that are only read must be read-only (`frozen`),
so that every caller compiles to, and warms up, the same signature.
"""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

compiled = numba.njit(cache=True, nogil=True)


def readonly(array: NDArray[Any]) -> NDArray[Any]:
    """A read-only, contiguous view (or copy, where it must be) of `array`."""
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view


@compiled
def accumulate(  # noqa: PLR0917
    passages: Ints,
    tfs: Ints,
    starts: Longs,
    ends: Longs,
    idf: Floats,
    lengths: Ints,
    norms: Floats,
    k1: float,
    offset: int,
    live: Bools,
    allowed: Bools,
    epoch: int,
    stamp: Ints,
    score: Floats,
    candidates: Ints,
    count: int,
) -> int:
    """Add every query term's share to the passages that hold it; returns the number of candidates.

    Terms are taken in the order of the query, so that sums round as rank_bm25's do. A passage whose
    stamp is not this query's epoch has not been met: nothing is cleared between queries.
    """
    for term in range(len(starts)):
        weight = idf[term]
        for at in range(starts[term], ends[term]):
            local = passages[at]
            passage = local + offset
            if stamp[passage] != epoch:
                if passage >= len(allowed) or not allowed[passage] or not live[passage]:
                    continue
                stamp[passage] = epoch
                score[passage] = 0.0
                candidates[count] = passage
                count += 1
            tf = tfs[at]
            score[passage] += weight * (tf * (k1 + 1) / (tf + norms[lengths[local]]))
    return count


@compiled
def _worse(score_a: float, id_a: int, score_b: float, id_b: int) -> bool:
    return score_a < score_b or (score_a == score_b and id_a > id_b)


@compiled
def _sift(scores: Floats, ids: Longs, at: int, size: int) -> None:
    """Restore the heap whose root is the worst entry, from `at` down."""
    while True:
        child = 2 * at + 1
        if child >= size:
            return
        right = child + 1
        if right < size and _worse(scores[right], ids[right], scores[child], ids[child]):
            child = right
        if not _worse(scores[child], ids[child], scores[at], ids[at]):
            return
        scores[at], scores[child] = scores[child], scores[at]
        ids[at], ids[child] = ids[child], ids[at]
        at = child


@compiled
def select(  # noqa: PLR0917
    score: Floats, candidates: Ints, count: int, base_ids: Longs, more_ids: Longs, k: int
) -> tuple[Longs, Floats]:
    """The ids and scores of the best `k` candidates, best first, ties by id."""
    size = min(k, count)
    scores = np.empty(size, np.float64)
    ids = np.empty(size, np.int64)
    for at in range(count):
        passage = candidates[at]
        value = score[passage]
        if at >= size and (size == 0 or value < scores[0]):
            continue
        base = len(base_ids)
        passage_id = base_ids[passage] if passage < base else more_ids[passage - base]
        if at < size:
            scores[at], ids[at] = value, passage_id
            if at == size - 1:
                for root in range(size // 2 - 1, -1, -1):
                    _sift(scores, ids, root, size)
        elif _worse(scores[0], ids[0], value, passage_id):
            scores[0], ids[0] = value, passage_id
            _sift(scores, ids, 0, size)
    for last in range(size - 1, 0, -1):  # the worst goes to the end, again and again
        scores[0], scores[last] = scores[last], scores[0]
        ids[0], ids[last] = ids[last], ids[0]
        _sift(scores, ids, 0, last)
    return ids, scores


@compiled
def frequencies(  # noqa: PLR0917
    wanted: Ints, passages: Ints, tfs: Ints, starts: Longs, ends: Longs, out: NDArray[np.int32]
) -> None:
    """Fill `out[i, q]` with how often passage `wanted[i]` holds term q; postings are in order."""
    for row in range(len(wanted)):
        for term in range(len(starts)):
            low, high = starts[term], ends[term]
            while low < high:
                middle = (low + high) // 2
                if passages[middle] < wanted[row]:
                    low = middle + 1
                else:
                    high = middle
            if low < ends[term] and passages[low] == wanted[row]:
                out[row, term] = tfs[low]


@compiled
def occurs(  # noqa: PLR0917
    passages: Ints,
    starts: Longs,
    ends: Longs,
    surfaces: Ints,
    wanted: Longs,
    offset: int,
    visible: Bools,
    out: Longs,
) -> None:
    """Add to `out[t]` in how many visible passages term t stands as surface `wanted[t]` (-1: as
    any)."""
    for term in range(len(starts)):
        found = 0
        for at in range(starts[term], ends[term]):
            passage = passages[at] + offset
            if passage < len(visible) and visible[passage]:
                found += wanted[term] < 0 or wanted[term] == surfaces[at]
        out[term] += found


@compiled
def document_frequencies(  # noqa: PLR0917
    passages: Ints, starts: Longs, ends: Longs, offset: int, visible: Bools, out: Longs
) -> None:
    """Add to `out[t]` how many visible passages hold query term t; postings are in order."""
    last = len(visible) - offset
    for term in range(len(starts)):
        found = 0
        for at in range(starts[term], ends[term]):
            passage = passages[at]
            if passage >= last:  # added later
                break
            found += visible[passage + offset]
        out[term] += found


@compiled
def term_counts(starts: Longs, terms: Ints, visible: Bools, out: Longs) -> None:
    """Add to `out[t]` how many visible passages hold term row t, by the forward index."""
    for passage in range(len(starts) - 1):
        if visible[passage]:
            for at in range(starts[passage], starts[passage + 1]):
                out[terms[at]] += 1
