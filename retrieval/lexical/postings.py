"""The index as flat arrays: the content of a snapshot.

n passages, T terms, P postings, D documents, S surfaces. Terms are rows sorted by a 64-bit hash
that is the same in every process; passages are numbers 0..n-1 in order of addition, those of one
document side by side. All arrays are read-only, often memory-mapped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from retrieval.hits import Value
from retrieval.lexical.kernels import Bools, Floats, Hashes, Ints, Longs, readonly
from retrieval.lexical.string_table import StringTable, stable_hash
from retrieval.lexical.words.postings import WordPostings


def document_key(document_id: str) -> int:
    """A 64-bit key of a document: the two halves of its UUID, combined by XOR."""
    try:
        number = UUID(document_id).int
    except ValueError:
        return stable_hash(document_id)
    return (number >> 64) ^ (number & (1 << 64) - 1)


def document_keys(uuids: bytes) -> Hashes:
    """The `document_key` of each of many UUIDs, 16 bytes each, end to end."""
    halves = np.frombuffer(uuids, ">u8").reshape(-1, 2)
    keys: Hashes = (halves[:, 0] ^ halves[:, 1]).astype(np.uint64)
    return keys


@dataclass(frozen=True)
class Terms:
    """Postings: those of term row t are `start[t]:start[t + 1]`, in order of passage number."""

    hash: Hashes  # [T], ascending
    start: Longs  # [T + 1]
    passage: Ints  # [P]
    tf: Ints  # [P]
    surface: Ints  # [P] the term's commonest surface in the passage, a row of Surfaces, or -1
    text: StringTable  # [T]


@dataclass(frozen=True)
class Passages:
    """The forward index is needed to take a passage's terms out of the statistics."""

    id: Longs  # [n]
    order: Longs  # [n] numbers by ascending id
    length: Ints  # [n] in terms
    document: Ints  # [n] document numbers
    start: Longs  # [n + 1] into `term`
    term: Ints  # [P] term rows of the passage


@dataclass(frozen=True)
class Documents:
    """`start[d]:start[d + 1]` are the passage numbers of document d. A column holds, for each
    document, the place of its value in the column's list in Postings.values, or -1."""

    hash: Hashes  # [D] `document_key` of the document id
    order: Longs  # [D] numbers by ascending hash
    start: Longs  # [D + 1]
    columns: Mapping[str, Ints]  # [D] each

    def column(self, name: str) -> Ints:
        """The column of this name; -1 throughout where no document has a value."""
        known = self.columns.get(name)
        return np.full(len(self.hash), -1, np.int32) if known is None else known


@dataclass(frozen=True)
class Surfaces:
    """Folded words as they stand in the text; `letters` and `length` let spelling pass most by."""

    hash: Hashes  # [S] of "language:word", ascending
    term: Ints  # [S] term rows
    language: Ints  # [S] place in Postings.languages
    length: Ints  # [S] code points
    letters: Hashes  # [S] a set bit for each letter that occurs, by code point modulo 64
    text: StringTable  # [S]


@dataclass(frozen=True)
class Postings:
    """A complete, unchanging index."""

    terms: Terms
    passages: Passages
    documents: Documents
    surfaces: Surfaces
    words: WordPostings
    df: Longs  # the distinct document frequencies
    df_terms: Longs  # how many terms have each
    total_length: int = 0
    values: Mapping[str, Sequence[Value]] = field(default_factory=dict)  # of each column
    languages: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many passages there are."""
        return len(self.passages.id)

    def document_number(self, document_hash: int) -> int:
        """The number of the document with this hash, or -1."""
        order = self.documents.order
        at = int(np.searchsorted(self.documents.hash, np.uint64(document_hash), sorter=order))
        if at < len(order) and self.documents.hash[order[at]] == document_hash:
            return int(order[at])
        return -1

    def passage_numbers(self, passage_ids: Longs) -> NDArray[np.int64]:
        """The number of each passage id, -1 where there is none."""
        if not self.size:
            return np.full(len(passage_ids), -1, np.int64)
        at = np.searchsorted(self.passages.id, passage_ids, sorter=self.passages.order)
        numbers = self.passages.order[np.minimum(at, self.size - 1)]
        return np.where(self.passages.id[numbers] == passage_ids, numbers, -1)

    def frequency(self, row: int) -> int:
        """How many passages of these postings hold the term in `row`."""
        return int(self.terms.start[row + 1] - self.terms.start[row])


@dataclass(frozen=True)
class IndexPart:
    """The postings that a query needs of the snapshot or of the segment, one slice per term."""

    passage: Ints
    tf: Ints
    starts: Longs
    ends: Longs
    length: Ints
    offset: int  # of this part's passage numbers

    @property
    def sizes(self) -> Longs:
        """How many postings each term has."""
        return self.ends - self.starts


@dataclass(frozen=True)
class QueryView:
    """All that scoring a query needs, of one moment; `df`, `idf` and `norms` are of the passages
    that are `visible`."""

    terms: Hashes
    parts: tuple[IndexPart, ...]
    df: Longs  # of each query term, as the next two
    idf: Floats
    optional: Bools
    live: Bools
    visible: Bools
    norms: Floats
    base_ids: Longs
    more_ids: Longs


def letters(word: str) -> int:
    """The set of a word's letters as bits."""
    bits = 0
    for char in word:
        bits |= 1 << (ord(char) & 63)
    return bits


def histogram(start: NDArray[Any]) -> tuple[Longs, Longs]:
    """The distinct document frequencies, and how many terms have each."""
    df, count = np.unique(np.diff(start), return_counts=True)
    return readonly(df), readonly(count)


def documents_of(
    hash_: Hashes, sizes: Longs, columns: Mapping[str, Ints], live: Bools | None = None
) -> Documents:
    """The live ones of the documents given, where document d has `sizes[d]` passages."""
    keep = slice(None) if live is None else live
    hash_, sizes = hash_[keep], sizes[keep]
    start = np.zeros(len(hash_) + 1, np.int64)
    np.cumsum(sizes, out=start[1:])
    order = np.argsort(hash_, kind="stable").astype(np.int64)
    return Documents(
        hash=readonly(hash_),
        order=readonly(order),
        start=readonly(start),
        columns={name: readonly(column[keep]) for name, column in columns.items()},
    )
