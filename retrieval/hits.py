"""The entries and the hits of the lexical index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Value = str | int  # of a column that masks select by


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document's id and its values in the columns that masks select by."""

    document_id: str  # of a UUID, its canonical text
    columns: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PassageEntry:
    """An analysed passage. `surfaces[i]` is the folded word of `terms[i]`, for spelling.

    A passage without surfaces is searched as any other, but its words are never suggested.
    """

    passage_id: int
    terms: Sequence[str]
    surfaces: Sequence[str] = ()


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
class TermScore:
    """What one query term adds to a passage's score; a repeated term adds as often as it stands."""

    term: str
    tf: int
    idf: float
    score: float
