"""The options and the result of a ranking."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from documents.messages import Message
from documents.models.ranking_settings import Recency
from retrieval.modes import HYBRID
from retrieval.query import QueryTerms, SynonymRules
from retrieval.ranking.matches import MatchedDocuments


@dataclass(frozen=True)
class RankingOptions:
    """How to rank. The defaults of a deployment are its settings; a request may change some.

    `mode` is HYBRID, or the name of one retriever. Each retriever returns up to `candidates`
    passages. `weights` are the shares of the retrievers in the fused score, relative to each
    other; a retriever that is not named has its default weight. `rerank_weight` is the share of
    the reranker in the final score, from 0 to 1. A depth or weight of None is the reranker's
    default. `rerank_shown` is what the reranker reads of a passage: "full" as indexed, "title"
    without headings, or "passage" alone. A budget in milliseconds may reduce the number of
    reranked documents; without one, as in evaluation, it is always `rerank_depth`. `recency`
    replaces what each collection says of age; None leaves it to them. `rules` are the synonyms that
    apply; `pinned` are documents, by id, that come first in this order if they pass the filters.
    """

    mode: str = HYBRID
    fusion: str = "max_norm"
    weights: Mapping[str, float] = field(default_factory=dict)
    candidates: int = 100
    rerank: bool = True
    rerank_depth: int | None = None
    rerank_weight: float | None = None
    rerank_shown: str = "full"
    rerank_budget_ms: int | None = None
    recency: Recency | None = None
    rules: tuple[SynonymRules, ...] = ()
    pinned: tuple[str, ...] = ()


@dataclass(frozen=True)
class RankedScore:
    """A score, and the place it gave. The rank is None outside a retriever's own candidates."""

    score: float
    rank: int | None = None


@dataclass(frozen=True)
class PassageScore:
    """One passage of a found document; `scores` are by retriever, of those that could score it."""

    passage_id: int
    fused: float
    scores: Mapping[str, RankedScore] = field(default_factory=dict)

    def score_by(self, retriever: str) -> float | None:
        found = self.scores.get(retriever)
        return found.score if found else None


@dataclass(frozen=True)
class DocumentScore:
    """A found document with its passages, best first. The list is sorted by `score`.

    `rerank` is the reranker's own score, `rerank_rank` the rank after blending.
    `readable` says whether the embedding model reads the query's and the document's language.
    `exact_match_boost` is the part of the score that comes from exact identifiers of the query,
    `title_boost` that for a document which is `titled` as the query, or its file named so,
    `pin_boost` that for one `pinned` to the query. `recency_factor` is the share that `age_days`
    leave of the fused score, None where the document's collection does not count age; `fused` is
    what is left.
    """

    document_id: str
    score: float
    fused: float
    fused_rank: int
    passages: tuple[PassageScore, ...]
    rerank: float | None = None
    rerank_rank: int | None = None
    exact_matches: int = 0
    readable: bool = True
    exact_match_boost: float = 0.0
    titled: bool = False
    title_boost: float = 0.0
    recency_factor: float | None = None
    age_days: int | None = None
    pinned: bool = False
    pin_boost: float = 0.0


@dataclass(frozen=True)
class Ranking:
    """The ranked documents of a search: the fused window.

    `truncated` says that a retriever had more matches than it returns. `matched` are all documents
    that count as results, in the window or not; what is in the window alone is loosely related.
    """

    terms: QueryTerms
    documents: tuple[DocumentScore, ...]
    truncated: bool
    reranked: bool
    reranked_count: int
    took_ms: Mapping[str, float]
    matched: MatchedDocuments
    warnings: tuple[Message, ...] = ()
