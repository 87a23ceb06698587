"""The best of the passages that have a score, and of their documents.

numba's cache goes by the file of a loop, so the loops that one calls stand beside it.
"""

import numpy as np

from retrieval.lexical.kernels.arrays import Floats, Hashes, Ints, Longs, compiled


@compiled
def _id_of(passage: int, base_ids: Longs, more_ids: Longs) -> int:
    base = len(base_ids)
    found: int = base_ids[passage] if passage < base else more_ids[passage - base]
    return found


@compiled
def _worse(score_a: float, id_a: int, score_b: float, id_b: int) -> bool:
    return score_a < score_b or (score_a == score_b and id_a > id_b)


@compiled
def _sift(scores: Floats, ids: Longs, numbers: Ints, at: int, size: int) -> None:
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
        numbers[at], numbers[child] = numbers[child], numbers[at]
        at = child


@compiled
def select(score: Floats, passages: Ints, base_ids: Longs, more_ids: Longs, k: int) -> Ints:
    """The best `k` of the passages, best first, ties by id."""
    size = min(k, len(passages))
    scores, ids = np.empty(size, np.float64), np.empty(size, np.int64)
    numbers = passages[:size].copy()
    for at in range(size):
        scores[at], ids[at] = score[numbers[at]], _id_of(numbers[at], base_ids, more_ids)
    for root in range(size // 2 - 1, -1, -1):
        _sift(scores, ids, numbers, root, size)
    for at in range(size, len(passages) if size else 0):
        passage = passages[at]
        value = score[passage]
        if value < scores[0]:
            continue
        passage_id = _id_of(passage, base_ids, more_ids)
        if _worse(scores[0], ids[0], value, passage_id):
            scores[0], ids[0], numbers[0] = value, passage_id, passage
            _sift(scores, ids, numbers, 0, size)
    for last in range(size - 1, 0, -1):  # the worst goes to the end, again and again
        scores[0], scores[last] = scores[last], scores[0]
        ids[0], ids[last] = ids[last], ids[0]
        numbers[0], numbers[last] = numbers[last], numbers[0]
        _sift(scores, ids, numbers, 0, last)
    return numbers


@compiled
def at_least(score: Floats, passages: Ints, bound: float) -> Ints:
    """The passages whose score is not less."""
    found, count = np.empty(len(passages), np.int32), 0
    for passage in passages:
        if score[passage] >= bound:
            found[count] = passage
            count += 1
    return found[:count]


@compiled
def ids_of(numbers: Ints, base_ids: Longs, more_ids: Longs) -> Longs:
    """The ids of passages."""
    ids = np.empty(len(numbers), np.int64)
    for at in range(len(numbers)):
        ids[at] = _id_of(numbers[at], base_ids, more_ids)
    return ids


@compiled
def best_of_each(  # noqa: PLR0917
    score: Floats, passages: Ints, bounds: Longs, base_ids: Longs, more_ids: Longs, most: int
) -> Ints:
    """The best passages of each document, at most so many, best first, ties by id, document by
    document."""
    found = np.empty((len(bounds) - 1) * most, np.int32)
    count = 0
    for row in range(len(bounds) - 1):
        first = count
        for at in range(bounds[row], bounds[row + 1]):
            passage, place = passages[at], count
            passage_id = _id_of(passage, base_ids, more_ids)
            while place > first and _worse(
                score[found[place - 1]],
                _id_of(found[place - 1], base_ids, more_ids),
                score[passage],
                passage_id,
            ):
                place -= 1
            if place - first >= most:
                continue
            count = min(count + 1, first + most)
            for later in range(count - 1, place, -1):
                found[later] = found[later - 1]
            found[place] = passage
    return found[:count]


@compiled
def _owner_of(passage: int, base_owner: Ints, segment_owner: Ints, before: int) -> int:
    base = len(base_owner)
    found: int = base_owner[passage] if passage < base else segment_owner[passage - base] + before
    return found


@compiled
def group_documents(  # noqa: PLR0917
    score: Floats,
    passages: Ints,
    base_owner: Ints,
    segment_owner: Ints,
    before: int,
    base_ids: Longs,
    more_ids: Longs,
    epoch: int,
    stamp: Ints,
    place: Ints,
    documents: Longs,
    leaders: Ints,
) -> int:
    """The documents of the passages, each with its best passage as its leader; returns how many
    there are. `stamp` and `place` are working memory over all documents."""
    found = 0
    for passage in passages:
        document = _owner_of(passage, base_owner, segment_owner, before)
        if stamp[document] != epoch:
            stamp[document] = epoch
            place[document] = found
            documents[found], leaders[found] = document, passage
            found += 1
            continue
        leader = leaders[place[document]]
        leader_id, passage_id = (
            _id_of(leader, base_ids, more_ids),
            _id_of(passage, base_ids, more_ids),
        )
        if _worse(score[leader], leader_id, score[passage], passage_id):
            leaders[place[document]] = passage
    return found


@compiled
def passages_of(  # noqa: PLR0917
    leaders: Ints,
    base_owner: Ints,
    segment_owner: Ints,
    before: int,
    epoch: int,
    stamp: Ints,
    passages: Ints,
    bounds: Longs,
) -> int:
    """The candidates among the passages of the leaders' documents: those of leader l will be
    `passages[bounds[l]:bounds[l + 1]]`; returns how many there are. The passages of one document
    stand side by side."""
    size, count = min(len(base_owner) + len(segment_owner), len(stamp)), 0
    for row in range(len(leaders)):
        document = _owner_of(leaders[row], base_owner, segment_owner, before)
        first = leaders[row]
        while first > 0 and _owner_of(first - 1, base_owner, segment_owner, before) == document:
            first -= 1
        bounds[row] = count
        for passage in range(first, size):
            if _owner_of(passage, base_owner, segment_owner, before) != document:
                break
            if stamp[passage] == epoch:
                passages[count] = passage
                count += 1
    bounds[len(leaders)] = count
    return count


@compiled
def hold_words(  # noqa: PLR0917
    passages: Ints,
    starts: Longs,
    ends: Longs,
    offset: int,
    bits: Hashes,
    base_owner: Ints,
    segment_owner: Ints,
    before: int,
    epoch: int,
    stamp: Ints,
    place: Ints,
    held: Hashes,
) -> None:
    """Set, in `held` at the place of each document that was grouped last, the bits of the terms
    that it holds. Other documents are not looked at."""
    size = len(base_owner) + len(segment_owner)
    for term in range(len(starts)):
        bit = bits[term]
        if not bit:
            continue
        for at in range(starts[term], ends[term]):
            passage = passages[at] + offset
            if passage >= size:  # added later
                continue
            document = _owner_of(passage, base_owner, segment_owner, before)
            if document < len(stamp) and stamp[document] == epoch:
                held[place[document]] |= bit


@compiled
def sum_weights(held: Hashes, weights: Floats, sums: Floats) -> None:
    """Set `sums` to the weights of the words whose bits are set."""
    for at in range(len(held)):
        left, word, total = held[at], 0, 0.0
        while left:
            if left & np.uint64(1):
                total += weights[word]
            left >>= np.uint64(1)
            word += 1
        sums[at] = total
