"""What a search asks of the engine, and what the engine answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from documents.messages import Message
from retrieval.modes import HYBRID


@dataclass(frozen=True)
class RankingOptions:
    """How to rank. The defaults of a deployment are its settings; a request may change some.

    `mode` is HYBRID, or the name of one retriever. `candidates` is how many passages
    each brings; `weights` are their shares in the fused score, relative to each other: one that is
    not named has its own. `rerank_weight` is the share of the reranker in the final score, from 0
    to 1. A depth or weight of None is what suits the reranker, and `rerank_shown` is what it sees
    of a passage: "full" as indexed, "title" without headings, or "passage" alone. With a budget,
    fewer are reranked rather than answering late; without, as in evaluation, always as many as
    `rerank_depth` says.
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

    `rerank` is the reranker's own score, `rerank_rank` the place after it was blended in. `exact_match_boost`
    is the part of the score that it has for the exact identifiers it holds.
    """

    document_id: str
    score: float
    fused: float
    fused_rank: int
    passages: tuple[PassageScore, ...]
    rerank: float | None = None
    rerank_rank: int | None = None
    exact_matches: int = 0
    exact_match_boost: float = 0.0


@dataclass(frozen=True)
class CandidateDocuments:
    """The documents that a ranking without reranking would hold, in no order; `truncated` as there."""

    ids: tuple[str, ...]
    truncated: bool


@dataclass(frozen=True)
class Ranking:
    """The whole ordered answer. `truncated` says that a retriever had more matches than it may bring."""

    terms: tuple[str, ...]
    documents: tuple[DocumentScore, ...]
    truncated: bool
    reranked: bool
    reranked_count: int
    took_ms: Mapping[str, float]
    warnings: tuple[Message, ...] = ()
