"""The response of a search: the dataclasses behind the page and the API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from documents.messages import Message
from retrieval.ranking import RankedScore

MAX_PAGE_SIZE = 100


@dataclass(frozen=True)
class DocumentCard:
    """The document of a result."""

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
    """A passage; `start` and `end` are offsets into the document's text, in code points, and
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
    """A term of the query, its frequency in a passage, and its share of the BM25 score. A synonym
    names the words of the query that it stands for."""

    term: str
    tf: int
    score: float
    synonym_of: str = ""


@dataclass(frozen=True)
class DocumentAge:
    """A document's age, and the share of its fused score that it leaves."""

    days: int
    factor: float


@dataclass(frozen=True)
class Explanation:
    """The scores of a result's best passage. `retrievers` are those that could score it, by name;
    `fused` is after `age`, which is None where its collection does not count it;
    `rerank` is None if it was not reranked; `terms` are the query's terms that it has.
    `titled` says that the document's title or file name is the query, `pinned` that an editor
    pinned it to the query."""

    retrievers: Mapping[str, RankedScore]
    fused: RankedScore
    rerank: RankedScore | None = None
    terms: tuple[MatchedTerm, ...] = ()
    exact_matches: int = 0
    titled: bool = False
    age: DocumentAge | None = None
    pinned: bool = False


@dataclass(frozen=True)
class SearchResult:
    """`relevance` is "strong", "good" or "weak", or empty for a query without words. `pinned` says
    that an editor put the document first for the query."""

    document: DocumentCard
    score: float
    passages: list[PassageHit]
    relevance: str = ""
    pinned: bool = False
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
    are those of the suggestion, because no document has words of the query as typed. `related`, on
    the last page, are the best of those documents that were near and do not match well enough to
    count: `total` and `facets` are without them."""

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
    related: list[SearchResult] = field(default_factory=list)

    @property
    def has_documents(self) -> bool:
        """Whether anything was found, even if only loosely related."""
        return bool(self.total or self.related)

    @property
    def is_incomplete(self) -> bool:
        """Whether the page has fewer results than its number and the total require."""
        left = self.total - (self.page - 1) * self.page_size
        return len(self.results) < min(self.page_size, left)
