"""Where the postings of terms are, and what they count."""

from retrieval.lexical.kernels.arrays import Bools, Hashes, Ints, Longs, compiled


@compiled
def find_slices(  # noqa: PLR0917
    table: Hashes, bounds: Longs, wanted: Hashes, chosen: Bools, starts: Longs, ends: Longs
) -> None:
    """Fill in where the postings of the chosen hashes are: those of `table[row]`, ascending, are
    `bounds[row]:bounds[row + 1]`. Of one that is not there nothing changes."""
    for at in range(len(wanted)):
        if not chosen[at]:
            continue
        low, high = 0, len(table)
        while low < high:
            middle = (low + high) // 2
            if table[middle] < wanted[at]:
                low = middle + 1
            else:
                high = middle
        if low < len(table) and table[low] == wanted[at]:
            starts[at], ends[at] = bounds[low], bounds[low + 1]


@compiled
def frequencies(  # noqa: PLR0917
    wanted: Ints, passages: Ints, tfs: Ints, starts: Longs, ends: Longs, out: Ints
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
