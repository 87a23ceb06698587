"""The words published since the snapshot, in memory: grow passage by passage."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from retrieval.hits import PassageEntry
from retrieval.lexical.kernels import readonly
from retrieval.lexical.string_table import StringTable, stable_hash
from retrieval.lexical.words.postings import WordPart, WordPostings, place_of
from retrieval.lexical.words.query_terms import WORD_MARK


@dataclass(slots=True)
class SegmentWord:
    """One word's postings: passage numbers within the segment, frequencies, and all its places."""

    text: str
    passages: "array[int]" = field(default_factory=lambda: array("i"))
    tf: "array[int]" = field(default_factory=lambda: array("i"))
    places: "array[int]" = field(default_factory=lambda: array("H"))

    @property
    def part(self) -> WordPart:
        """A copy, which stays as it is."""
        return WordPart(
            readonly(np.array(self.passages, np.int32)),
            readonly(np.array(self.tf, np.int32)),
            readonly(np.array(self.places, np.uint16)),
        )


class SegmentWords:
    """Append-only, as the segment is."""

    def __init__(self) -> None:
        self.words: dict[int, SegmentWord] = {}
        self.first, self.own = array("i"), array("i")
        self.title, self.filename = array("i"), array("i")

    def add(self, number: int, passage: PassageEntry) -> None:
        """Append the words of a passage."""
        places: dict[str, list[int]] = {}
        for text, position, width in passage.words:
            place = place_of(position, width)
            if place is not None:
                places.setdefault(text, []).append(place)
        for text, listed in places.items():
            key = stable_hash(WORD_MARK + text)
            word = self.words.get(key)
            if word is None:
                word = self.words[key] = SegmentWord(text)
            word.passages.append(number)
            word.tf.append(len(listed))
            word.places.extend(sorted(listed))
        self.first.append(passage.first_word)
        self.own.append(passage.own_words)
        self.title.append(passage.title_words)
        self.filename.append(passage.filename_words)

    def part(self, key: int) -> WordPart | None:
        """The postings of the word with this hash."""
        word = self.words.get(key)
        return word.part if word else None

    def texts(self) -> Iterator[str]:
        """Every word."""
        return (word.text for word in self.words.values())

    def freeze(self, prefixes: tuple[str, ...] = ("",)) -> WordPostings:
        """The words that begin with one of the prefixes as arrays; O(segment)."""
        keys = sorted(key for key, word in self.words.items() if word.text.startswith(prefixes))
        listed = [self.words[key] for key in keys]
        return WordPostings(
            hash=readonly(np.array(keys, np.uint64)),
            start=readonly(np.cumsum([0, *(len(w.passages) for w in listed)], dtype=np.int64)),
            passage=readonly(np.frombuffer(b"".join(w.passages for w in listed), np.int32)),
            tf=readonly(np.frombuffer(b"".join(w.tf for w in listed), np.int32)),
            place_start=readonly(np.cumsum([0, *(len(w.places) for w in listed)], dtype=np.int64)),
            place=readonly(np.frombuffer(b"".join(w.places for w in listed), np.uint16)),
            text=StringTable.of([word.text for word in listed]),
            first=readonly(np.array(self.first, np.int32)),
            own=readonly(np.array(self.own, np.int32)),
            title=readonly(np.array(self.title, np.int32)),
            filename=readonly(np.array(self.filename, np.int32)),
        )
