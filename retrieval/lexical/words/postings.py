"""Postings of words with positions, at rest; merged in compaction.

A place packs where a word stands in its passage and how many positions it covers (`wifi` written
`Wi-Fi` covers two): `position << 3 | width - 1`. Positions beyond LAST_POSITION are not kept: such
words are found, but in no phrase.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.lexical.kernels import Bools, Hashes, Ints, Longs, compiled, readonly
from retrieval.lexical.string_table import StringTable, rows, take_rows

Places = NDArray[np.uint16]

WIDTH_BITS = 3
LAST_POSITION = (1 << 16 - WIDTH_BITS) - 2
MOST_WIDTH = 1 << WIDTH_BITS


def place_of(position: int, width: int = 1) -> int | None:
    """The place of a word, None where it is beyond what places can say."""
    if position > LAST_POSITION:
        return None
    return position << WIDTH_BITS | min(width, MOST_WIDTH) - 1


@dataclass(frozen=True)
class WordPostings:
    """Those of word row w are `start[w]:start[w + 1]`, in order of passage number; its places are
    `place_start[w]:place_start[w + 1]`, `tf` of them for each posting, in order."""

    hash: Hashes  # [W] of "~word", ascending
    start: Longs  # [W + 1]
    passage: Ints  # [P]
    tf: Ints  # [P]
    place_start: Longs  # [W + 1]
    place: Places  # [Q]
    text: StringTable  # [W] without the mark
    # Of each passage: the number of its first word among those of the document, and how many words
    # its own text, the title and the file name have (retrieval.hits.PassageEntry).
    first: Ints  # [n]
    own: Ints  # [n]
    title: Ints  # [n]
    filename: Ints  # [n]


@dataclass(frozen=True)
class WordPart:
    """The postings of one word in the snapshot or the segment, with passage numbers of the part."""

    passage: Ints
    tf: Ints
    place: Places


def part_of(words: WordPostings, key: int) -> WordPart | None:
    """The postings of the word with this hash."""
    return part_at(words, int(rows(words.hash, np.array([key], np.uint64))[0]))


def part_at(words: WordPostings, row: int) -> WordPart | None:
    """The postings of a row; None for row -1."""
    if row < 0:
        return None
    here = slice(words.start[row], words.start[row + 1])
    places = slice(words.place_start[row], words.place_start[row + 1])
    return WordPart(words.passage[here], words.tf[here], words.place[places])


@compiled
def _count_words(  # noqa: PLR0917
    start: Longs, passage: Ints, tf: Ints, live: Bools, row: Longs, counts: Longs, places: Longs
) -> None:
    """Add to `counts[row[w]]` the live postings of each word w, to `places` their places."""
    for word in range(len(row)):
        for at in range(start[word], start[word + 1]):
            if live[passage[at]]:
                counts[row[word]] += 1
                places[row[word]] += tf[at]


@compiled
def _fill_words(  # noqa: PLR0917
    start: Longs,
    passage: Ints,
    tf: Ints,
    place_start: Longs,
    place: Places,
    live: Bools,
    number: Ints,
    row: Longs,
    cursor: Longs,
    place_cursor: Longs,
    out_passage: Ints,
    out_tf: Ints,
    out_place: Places,
) -> None:
    """Copy the live postings, under their new numbers, to where the cursors say."""
    for word in range(len(row)):
        to = row[word]
        read = place_start[word]
        for at in range(start[word], start[word + 1]):
            if live[passage[at]]:
                out_passage[cursor[to]] = number[passage[at]]
                out_tf[cursor[to]] = tf[at]
                cursor[to] += 1
                for occurrence in range(tf[at]):
                    out_place[place_cursor[to] + occurrence] = place[read + occurrence]
                place_cursor[to] += tf[at]
            read += tf[at]


def merge_words(parts: Sequence[WordPostings], lives: Sequence[Bools]) -> WordPostings:
    """One table of the live passages of all parts; `lives` are their flags, part by part."""
    hashes, origin = np.unique(np.concatenate([p.hash for p in parts]), return_index=True)
    found = [readonly(np.searchsorted(hashes, part.hash)) for part in parts]
    counts, places = np.zeros(len(hashes), np.int64), np.zeros(len(hashes), np.int64)
    for part, row, live in zip(parts, found, lives, strict=True):
        _count_words(part.start, part.passage, part.tf, live, row, counts, places)
    keep = counts > 0
    start, place_start = _bounds(counts[keep]), _bounds(places[keep])
    to = np.cumsum(keep) - 1
    passage, tf = np.empty(start[-1], np.int32), np.empty(start[-1], np.int32)
    place = np.empty(place_start[-1], np.uint16)
    cursor, place_cursor, before = start[:-1].copy(), place_start[:-1].copy(), 0
    for part, row, live in zip(parts, found, lives, strict=True):
        number = readonly(np.cumsum(live, dtype=np.int32) + np.int32(before - 1))
        before += int(live.sum())
        _fill_words(part.start, part.passage, part.tf, part.place_start, part.place, live, number,
                    readonly(to[row]), cursor, place_cursor, passage, tf, place)  # fmt: skip
    return WordPostings(
        hash=readonly(hashes[keep]),
        start=readonly(start),
        passage=readonly(passage),
        tf=readonly(tf),
        place_start=readonly(place_start),
        place=readonly(place),
        text=take_rows([part.text for part in parts], origin[keep]),
        first=_joined([part.first for part in parts], lives),
        own=_joined([part.own for part in parts], lives),
        title=_joined([part.title for part in parts], lives),
        filename=_joined([part.filename for part in parts], lives),
    )


def _bounds(counts: Longs) -> Longs:
    bounds = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=bounds[1:])
    return bounds


def _joined(arrays: Sequence[NDArray[Any]], lives: Sequence[Bools]) -> NDArray[Any]:
    return readonly(np.concatenate([a[live] for a, live in zip(arrays, lives, strict=True)]))
