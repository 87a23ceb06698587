"""The scores of the passages that hold a query's terms, term by term."""

from retrieval.lexical.kernels.arrays import Bools, Floats, Ints, Longs, compiled


@compiled
def accumulate(  # noqa: PLR0917
    passages: Ints,
    tfs: Ints,
    starts: Longs,
    ends: Longs,
    weights: Floats,
    optional: Bools,
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
    """Add the share of every query term that is not optional to the passages that hold it; returns
    the number of candidates.

    Terms are taken in the order of the query, so that sums round as rank_bm25's do. A passage whose
    stamp is not this query's epoch has not been met: nothing is cleared between queries.
    """
    last = min(len(allowed), len(live)) - offset
    for term in range(len(starts)):
        if optional[term]:
            continue
        weight = weights[term]
        for at in range(starts[term], ends[term]):
            local = passages[at]
            if local >= last:  # added later
                break
            passage = local + offset
            tf = tfs[at]
            share = weight * (tf * (k1 + 1) / (tf + norms[lengths[local]]))
            if stamp[passage] == epoch:
                score[passage] += share
            elif allowed[passage] and live[passage]:
                stamp[passage] = epoch
                score[passage] = share
                candidates[count] = passage
                count += 1
    return count


@compiled
def add_optional(  # noqa: PLR0917
    wanted: Ints,
    passages: Ints,
    tfs: Ints,
    starts: Longs,
    ends: Longs,
    weights: Floats,
    optional: Bools,
    lengths: Ints,
    norms: Floats,
    k1: float,
    offset: int,
    scores: Floats,
) -> None:
    """Add the share of every optional term to the scores of the wanted passages, ascending.

    From one passage to the next, steps through the postings grow until it is passed, and are halved
    from there: few passages cost few looks, many not much more than reading all postings.
    """
    for term in range(len(starts)):
        if not optional[term]:
            continue
        weight = weights[term]
        low, end = starts[term], ends[term]
        for at in range(len(wanted)):
            local = wanted[at] - offset
            if local < 0:
                continue
            step, high = 1, low
            while high < end and passages[high] < local:
                low = high + 1
                high += step
                step *= 2
            high = min(high, end)
            while low < high:
                middle = (low + high) // 2
                if passages[middle] < local:
                    low = middle + 1
                else:
                    high = middle
            if low == end:
                break
            if passages[low] == local:
                tf = tfs[low]
                scores[at] += weight * (tf * (k1 + 1) / (tf + norms[lengths[local]]))
