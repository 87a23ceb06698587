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
    chunks: Ints,
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
    """Add every query term's share to the chunks that hold it; returns the number of candidates.

    Terms are taken in the order of the query, so that sums round as rank_bm25's do. A chunk whose
    stamp is not this query's epoch has not been met: nothing is cleared between queries.
    """
    for term in range(len(starts)):
        weight = idf[term]
        for at in range(starts[term], ends[term]):
            local = chunks[at]
            chunk = local + offset
            if stamp[chunk] != epoch:
                if chunk >= len(allowed) or not allowed[chunk] or not live[chunk]:
                    continue
                stamp[chunk] = epoch
                score[chunk] = 0.0
                candidates[count] = chunk
                count += 1
            tf = tfs[at]
            score[chunk] += weight * (tf * (k1 + 1) / (tf + norms[lengths[local]]))
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
        chunk = candidates[at]
        value = score[chunk]
        if at >= size and (size == 0 or value < scores[0]):
            continue
        base = len(base_ids)
        chunk_id = base_ids[chunk] if chunk < base else more_ids[chunk - base]
        if at < size:
            scores[at], ids[at] = value, chunk_id
            if at == size - 1:
                for root in range(size // 2 - 1, -1, -1):
                    _sift(scores, ids, root, size)
        elif _worse(scores[0], ids[0], value, chunk_id):
            scores[0], ids[0] = value, chunk_id
            _sift(scores, ids, 0, size)
    for last in range(size - 1, 0, -1):  # the worst goes to the end, again and again
        scores[0], scores[last] = scores[last], scores[0]
        ids[0], ids[last] = ids[last], ids[0]
        _sift(scores, ids, 0, last)
    return ids, scores


@compiled
def frequencies(  # noqa: PLR0917
    wanted: Ints, chunks: Ints, tfs: Ints, starts: Longs, ends: Longs, out: NDArray[np.int32]
) -> None:
    """Fill `out[i, q]` with how often chunk `wanted[i]` holds term q; postings are in order."""
    for row in range(len(wanted)):
        for term in range(len(starts)):
            low, high = starts[term], ends[term]
            while low < high:
                middle = (low + high) // 2
                if chunks[middle] < wanted[row]:
                    low = middle + 1
                else:
                    high = middle
            if low < ends[term] and chunks[low] == wanted[row]:
                out[row, term] = tfs[low]


@compiled
def occurs(  # noqa: PLR0917
    chunks: Ints, start: int, end: int, surfaces: Ints, surface: int, offset: int, visible: Bools
) -> int:
    """In how many visible chunks of a posting list the term stands as `surface` (-1: as any)."""
    found = 0
    for at in range(start, end):
        chunk = chunks[at] + offset
        if chunk < len(visible) and visible[chunk]:
            found += surface < 0 or surface == surfaces[at]
    return found
