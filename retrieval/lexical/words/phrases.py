"""Words in a row, found by their positions; any of several words as one term."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.hits import FIELD_GAP
from retrieval.lexical.kernels import Ints, Longs, readonly
from retrieval.lexical.words.postings import WIDTH_BITS, WordPart
from retrieval.lexical.words.query_terms import WORD_MARK, AnyWord, Phrase, QueryTerm

# The postings of a word; None where it stands nowhere.
Lookup = Callable[[str], WordPart | None]
# A number for each place, from passage numbers and positions: neighbours differ by one.
Keys = Callable[[Longs, Longs], Longs]

_WIDTH = (1 << WIDTH_BITS) - 1
_EMPTY = readonly(np.empty(0, np.int32))
_NUMBER_BITS = 32
_POSITION = (1 << _NUMBER_BITS) - 1

TITLE, FILENAME = "title", "filename"


def phrase_postings(phrase: Phrase, lookup: Lookup) -> tuple[Ints, Ints]:
    """The passages in which the words stand in a row, ascending, and how often they do."""
    ends = _last_places(phrase, lookup, _passage_keys)
    passages, counts = np.unique(ends >> _NUMBER_BITS, return_counts=True)
    return readonly(passages.astype(np.int32)), readonly(counts.astype(np.int32))


def _passage_keys(passages: Longs, positions: Longs) -> Longs:
    return (passages << _NUMBER_BITS) + positions


@dataclass(frozen=True)
class FieldBounds:
    """Where the fields of passages are (`PassageEntry`), and whose they are: arrays by number."""

    first: Ints
    own: Ints
    title: Ints
    filename: Ints
    document: Ints  # numbers


def documents_named(phrase: Phrase, lookup: Lookup, bounds: FieldBounds, field: str) -> Longs:
    """The documents, by number, whose whole field is the phrase. The last word of a file name, its
    extension, may be missing."""
    keys, ends = _field_keys(bounds, field), []
    for words in phrase.variants:
        parts = _parts(words, lookup)
        firsts = [_only(part, bounds.first[part.passage] == 0) for part in parts]
        if firsts:  # a field is the same in all passages of a document
            begins, following = _places(firsts[0], keys)
            leading = begins & _POSITION == 0
            rest = [_places(part, keys) for part in firsts[1:]]
            ends.append(_ends_in_a_row([(begins[leading], following[leading]), *rest]))
    last = np.concatenate(ends) if ends else np.empty(0, np.int64)
    passages, place = last >> _NUMBER_BITS, last & _POSITION
    left = (bounds.filename if field == FILENAME else bounds.title)[passages] - 1 - place
    whole = (left == 0) | ((left == 1) & (field == FILENAME))
    return np.unique(bounds.document[passages[whole]]).astype(np.int64)


def documents_with(
    phrase: Phrase, lookup: Lookup, bounds: FieldBounds, field: str | None = None
) -> Longs:
    """The documents, by number, in which the words stand in a row: anywhere, also where one passage
    ends and the next begins, or in the field "title" or "filename" alone."""
    if field is not None:
        places = _last_places(phrase, lookup, _field_keys(bounds, field))
        return np.unique(bounds.document[places >> _NUMBER_BITS]).astype(np.int64)
    running = _last_places(phrase, lookup, _document_keys(bounds), bounds.document)
    whole = bounds.document[phrase_postings(phrase, lookup)[0]]
    return np.union1d(running >> _NUMBER_BITS, whole).astype(np.int64)


def _document_keys(bounds: FieldBounds) -> Keys:
    """Places in the running text of the document; -1 in title, file name and headings."""

    def keys(passages: Longs, positions: Longs) -> Longs:
        number = bounds.document[passages].astype(np.int64) << _NUMBER_BITS
        place = number + bounds.first[passages] + positions
        return np.where(positions < bounds.own[passages], place, -1)

    return keys


def _field_keys(bounds: FieldBounds, field: str) -> Keys:
    """Places in one field of each passage, counted from its beginning; -1 elsewhere."""

    def keys(passages: Longs, positions: Longs) -> Longs:
        begin = bounds.own[passages].astype(np.int64) + FIELD_GAP
        size = bounds.title[passages]
        if field == FILENAME:
            begin, size = begin + size + FIELD_GAP, bounds.filename[passages]
        inside = (positions >= begin) & (positions < begin + size)
        return np.where(inside, (passages << _NUMBER_BITS) + positions - begin, -1)

    return keys


def _last_places(phrase: Phrase, lookup: Lookup, keys: Keys, owner: Ints | None = None) -> Longs:
    """The keys of the last words of all places where the words stand in a row. `owner` of passages
    is within what they must stand together, by default the passage."""
    found: list[Longs] = []
    for words in phrase.variants:
        parts = _parts(words, lookup)
        if not parts:
            continue
        if owner is None:
            common = reduce(_common, sorted((part.passage for part in parts), key=len))
            kept = [_only(part, np.isin(part.passage, common)) for part in parts]
        else:
            groups = sorted((np.unique(owner[part.passage]) for part in parts), key=len)
            common = reduce(_common, groups)
            kept = [_only(part, np.isin(owner[part.passage], common)) for part in parts]
        found.append(_ends_in_a_row([_places(part, keys) for part in kept]))
    return np.concatenate(found) if found else np.empty(0, np.int64)


def word_postings(term: QueryTerm, lookup: Lookup) -> tuple[Ints, Ints]:
    """The passages that a term of words stands in, ascending, and how often it does."""
    if isinstance(term, Phrase):
        return phrase_postings(term, lookup)
    if isinstance(term, AnyWord):
        return union_postings(term.words, lookup)
    part = lookup(term.removeprefix(WORD_MARK))
    return (part.passage, part.tf) if part else (_EMPTY, _EMPTY)


def union_postings(words: Iterable[str], lookup: Lookup) -> tuple[Ints, Ints]:
    """The passages that hold any of the words, ascending, and how often together."""
    parts = [part for word in words if (part := lookup(word)) is not None]
    if not parts:
        return _EMPTY, _EMPTY
    passages, place = np.unique(np.concatenate([p.passage for p in parts]), return_inverse=True)
    tf = np.bincount(place, weights=np.concatenate([part.tf for part in parts]))
    return readonly(passages.astype(np.int32)), readonly(tf.astype(np.int32))


def _parts(words: Sequence[str], lookup: Lookup) -> list[WordPart]:
    """The postings of all words, none where one of them stands nowhere."""
    parts = [lookup(word) for word in words]
    return [] if None in parts else [part for part in parts if part is not None]


def _common(these: NDArray[Any], those: NDArray[Any]) -> NDArray[Any]:
    return np.intersect1d(these, those, assume_unique=True)


def _only(part: WordPart, keep: NDArray[np.bool_]) -> WordPart:
    return WordPart(part.passage[keep], part.tf[keep], part.place[np.repeat(keep, part.tf)])


def _places(part: WordPart, keys: Keys) -> tuple[Longs, Longs]:
    """Where a word begins, and where the next would have to, as keys in ascending order."""
    owners = np.repeat(part.passage, part.tf).astype(np.int64)
    begins = keys(owners, (part.place >> WIDTH_BITS).astype(np.int64))
    ends = begins + (part.place & _WIDTH) + 1
    there = begins >= 0
    return begins[there], ends[there]


def _ends_in_a_row(words: Sequence[tuple[Longs, Longs]]) -> Longs:
    """The keys just behind each place where the words begin one where the last has ended."""
    _, ends = words[0]
    for begins, following in words[1:]:
        ends = following[np.isin(begins, ends)]
    return ends - 1
