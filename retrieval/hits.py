"""What goes into the lexical index and what comes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Value = str | int  # of a column that masks select by


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document's identity and its values of the columns that masks select by."""

    document_id: str  # of a UUID, its canonical text
    columns: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PassageEntry:
    """A chunk as analysed. `surfaces[i]` is the folded word behind `terms[i]`, for spelling.

    Without surfaces the chunk is searched as any other, but its words are never suggested.
    """

    chunk_id: int
    terms: Sequence[str]
    surfaces: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk and its BM25 score, which may be zero or negative in a tiny corpus."""

    chunk_id: int
    score: float


@dataclass(frozen=True, slots=True)
class LexicalHits:
    """The best k, by score, ties by chunk id; `matched` counts all allowed chunks with a term."""

    hits: list[Hit]
    matched: int


@dataclass(frozen=True, slots=True)
class TermScore:
    """What one query term adds to a chunk's score; a repeated term adds as often as it stands."""

    term: str
    tf: int
    idf: float
    score: float
