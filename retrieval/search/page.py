"""What callers ask for and get: the dataclasses behind the page and the API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from documents.messages import Message
from retrieval.ranking import RankedScore

MAX_PAGE_SIZE = 100


@dataclass(frozen=True)
class DocumentCard:
    """What a result says of its document."""

    id: str
    title: str
    collection: str
    collection_name: str
    type: str
    type_label: str
    language: str
    url: str
    metadata: Mapping[str, Any]
    source: str
    created_at: datetime
    year: int


@dataclass(frozen=True)
class PassageHit:
    """A passage; `start` and `end` are its place in the document's text, in code points, and
    `highlights` are spans within `text`."""

    passage_id: int
    text: str
    page: int | None
    start: int
    end: int
    highlights: list[tuple[int, int]]
    headings: list[str]


@dataclass(frozen=True)
class MatchedTerm:
    """A word of the query as it is indexed, how often a passage holds it, and what that adds to
    the passage's BM25 score."""

    term: str
    tf: int
    score: float


@dataclass(frozen=True)
class Explanation:
    """How the best passage of a result came to its place. `retrievers` are those that could score
    it, by name; `rerank` is None where no model read it; `terms` are those that it holds."""

    retrievers: Mapping[str, RankedScore]
    fused: RankedScore
    rerank: RankedScore | None = None
    terms: tuple[MatchedTerm, ...] = ()
    exact_matches: int = 0


@dataclass(frozen=True)
class SearchResult:
    """`relevance` is "strong", "good" or "weak", or nothing where there was nothing to match."""

    document: DocumentCard
    score: float
    passages: list[PassageHit]
    relevance: str = ""
    explanation: Explanation | None = None


@dataclass(frozen=True)
class FacetValue:
    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class SearchResponse:
    """One page of a search. `suggestion` is a better spelling; `corrected` says that the results
    are those of the suggestion, because the query as typed finds nothing."""

    query: str
    search_id: str
    mode: str
    reranked: bool
    reranked_count: int
    total: int
    total_relation: str
    page: int
    page_size: int
    took_ms: Mapping[str, float]
    results: list[SearchResult]
    facets: Mapping[str, list[FacetValue]]
    suggestion: str | None = None
    corrected: bool = False
    warnings: list[Message] = field(default_factory=list)
    facets_relation: str = "eq"

    @property
    def is_incomplete(self) -> bool:
        """Whether it shows fewer results than its place in the list promises."""
        left = self.total - (self.page - 1) * self.page_size
        return len(self.results) < min(self.page_size, left)
