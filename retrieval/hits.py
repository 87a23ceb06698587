"""The entries and the hits of the lexical index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

FIELD_GAP = 8  # positions between the fields of a passage, so that no phrase runs over
# Each heading begins at a multiple of so many positions after the file name. Those that the passage
# before has too stand behind so many of these blocks: they are told from new ones.
HEADING_BLOCK = 16
CARRIED_BLOCK = 64
PASSAGES_OF_A_DOCUMENT = 3  # at most, where the best documents are wanted
Value = str | int  # of a column that masks select by


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document's id and its values in the columns that masks select by."""

    document_id: str  # of a UUID, its canonical text
    columns: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PassageEntry:
    """An analysed passage. `surfaces[i]` is the folded word of `terms[i]`, for spelling.

    Without surfaces the passage is searched as any other, but its words are never suggested.
    `words` are its folded words, each with its position and how many positions it covers: first
    those of its own text, `own_words` positions, of which the first is number `first_word` in the
    document; then, each after a gap of FIELD_GAP, title and file name; then the headings, each in
    blocks of HEADING_BLOCK positions of its own, from CARRIED_BLOCK on those that are not new.
    """

    passage_id: int
    terms: Sequence[str]
    surfaces: Sequence[str] = ()
    words: Sequence[tuple[str, int, int]] = ()
    first_word: int = 0
    own_words: int = 0
    title_words: int = 0
    filename_words: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage and its score: BM25, cosine or fused. BM25 may be zero or negative."""

    passage_id: int
    score: float


@dataclass(frozen=True, slots=True)
class LexicalHits:
    """The best k, by score, ties by passage id; `matched` counts all with a term."""

    hits: list[Hit]
    matched: int


@dataclass(frozen=True, slots=True)
class DocumentHits:
    """The best k documents, each by its best passages: `hits` lists these, document by document,
    best first.

    The arrays tell of all documents that match, in no order: their numbers in the index, the score
    and the id of their best passage, and their `shares` of the weight of the query's words, from 0
    to 1. `words` says how many words any visible passage has: with none, shares are 1.
    """

    hits: list[Hit]
    numbers: NDArray[np.int64]
    scores: NDArray[np.float64]
    passage_ids: NDArray[np.int64]
    shares: NDArray[np.float64]
    words: int = 0

    @property
    def documents(self) -> int:
        """How many documents match."""
        return len(self.numbers)


@dataclass(frozen=True, slots=True)
class TermScore:
    """What one query term adds to a passage's score; a repeated term adds as often as it stands."""

    term: object
    tf: int
    idf: float
    score: float
