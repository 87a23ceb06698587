"""Titles and headings with words that begin as typed, found by the places of words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.hits import CARRIED_BLOCK, FIELD_GAP, HEADING_BLOCK
from retrieval.lexical.kernels import Bools, Ints, Longs, compiled, readonly
from retrieval.lexical.words.postings import WIDTH_BITS, Places, WordPostings

# A headline is `passage * _BLOCKS + block`: block 0 is the title, the others are headings.
_BLOCKS = 1 << 9


@dataclass(frozen=True, slots=True)
class HeadlineHits:
    """Passages, each the first with a title or a heading that fits; the likeliest first."""

    titles: Longs
    headings: Longs


@dataclass(frozen=True)
class HeadlinePlaces:
    """Where words stand in titles and headings: the headline, the position in it, and the row of
    the word."""

    headline: Longs
    position: Longs
    word: Longs


@compiled
def _collect(  # noqa: PLR0917
    row: Longs,
    start: Longs,
    passage: Ints,
    tf: Ints,
    place_start: Longs,
    place: Places,
    first: Ints,
    own: Ints,
    title: Ints,
    filename: Ints,
    offset: int,
    allowed: Bools,
    headline: Longs,
    position: Longs,
    word_at: Longs,
) -> int:
    """Write headline, position and row of each place of the words in a title or a new heading;
    returns how many. A title is looked at in the first passage of its document alone."""
    count = 0
    for word in row:
        read = place_start[word]
        for at in range(start[word], start[word + 1]):
            local = passage[at]
            number = local + offset
            after = read + tf[at]
            if number < len(allowed) and allowed[number]:
                begin = own[local] + FIELD_GAP
                end = begin + title[local]
                headings = end + FIELD_GAP + filename[local] + FIELD_GAP
                for occurrence in range(after - 1, read - 1, -1):
                    here = place[occurrence] >> WIDTH_BITS
                    if here < begin:
                        break  # the others stand in the passage's own text
                    if here < end and first[local] == 0:
                        headline[count] = number * _BLOCKS
                        position[count] = here - begin
                        word_at[count] = word
                        count += 1
                    elif headings <= here < headings + CARRIED_BLOCK * HEADING_BLOCK:
                        block = (here - headings) // HEADING_BLOCK
                        headline[count] = number * _BLOCKS + 1 + block
                        position[count] = here - headings - block * HEADING_BLOCK
                        word_at[count] = word
                        count += 1
            read = after
    return count


def headline_places(
    words: WordPostings, row: Iterable[int], allowed: Bools, offset: int
) -> HeadlinePlaces:
    """The places of the words of these rows. Passage numbers of a part begin at `offset`."""
    chosen = readonly(np.fromiter(row, np.int64))
    most = int((words.place_start[chosen + 1] - words.place_start[chosen]).sum())
    headline, position, word = (np.empty(most, np.int64) for _ in range(3))
    count = _collect(
        chosen, words.start, words.passage, words.tf, words.place_start, words.place,
        words.first, words.own, words.title, words.filename, offset, allowed, headline, position,
        word,
    )  # fmt: skip
    return HeadlinePlaces(headline[:count], position[:count], word[:count])


def best_headlines(
    words: Iterable[tuple[int, Sequence[HeadlinePlaces]]], most: int
) -> HeadlineHits:
    """The titles and headings that hold each of the words, `most` of each at most: first those that
    begin with the words in order, then by how far the words stand from there, newest first. Each
    word is its number among those typed and its places in the parts of the index; no more are taken
    once nothing can be found."""
    found: NDArray[np.int64] | None = None
    distance = np.empty(0, np.int64)
    for at, parts in words:
        places = np.concatenate([part.headline for part in parts])
        positions = np.concatenate([part.position for part in parts])
        headlines, nearest = _nearest(places, np.abs(positions - at))
        if found is None:
            found, distance = headlines, nearest
        else:
            found, mine, its = np.intersect1d(found, headlines, True, return_indices=True)
            distance = np.maximum(distance[mine], nearest[its])
        if not len(found):
            break
    if found is None:
        return HeadlineHits(np.empty(0, np.int64), np.empty(0, np.int64))
    is_title = found % _BLOCKS == 0
    return HeadlineHits(
        *(_likeliest(found[kind], distance[kind], most) for kind in (is_title, ~is_title))
    )


def _nearest(headlines: Longs, distances: Longs) -> tuple[Longs, Longs]:
    """Each headline once, ascending, with the least of its distances."""
    packed = np.sort(headlines << 16 | distances)
    ordered = packed >> 16
    first = np.flatnonzero(np.diff(ordered, prepend=-1))
    return ordered[first], packed[first] & 0xFFFF


def _likeliest(headlines: Longs, distances: Longs, most: int) -> Longs:
    passages = headlines // _BLOCKS
    order = np.lexsort((-passages, distances))[:most]
    return passages[order]
