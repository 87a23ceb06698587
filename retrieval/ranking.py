"""What a search asks of the engine, and what the engine answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from documents.messages import Message


@dataclass(frozen=True)
class Options:
    """How to rank. The defaults of a deployment are its settings; a request may change some.

    `candidates` is how many chunks each leg brings; `dense_weight` the share of the dense leg in
    the fused score and `rerank_weight` that of the reranker in the final one, both from 0 to 1.
    A depth or weight of None is what suits the reranker, and `rerank_shown` is what it sees of a
    passage: "full" as indexed, "title" without headings, or "passage" alone. With a budget, fewer
    are reranked rather than answering late; without, as in evaluation, always as many as
    `rerank_depth` says.
    """

    mode: str = "hybrid"
    fusion: str = "max_norm"
    dense_weight: float = 0.5
    candidates: int = 100
    rerank: bool = True
    rerank_depth: int | None = None
    rerank_weight: float | None = None
    rerank_shown: str = "full"
    rerank_budget_ms: int | None = None


@dataclass(frozen=True)
class PassageScore:
    """One chunk of a found document. A rank is None outside its leg's own top candidates."""

    chunk_id: int
    fused: float
    lexical: float | None = None
    lexical_rank: int | None = None
    cosine: float | None = None
    dense_rank: int | None = None


@dataclass(frozen=True)
class DocumentScore:
    """A found document with its passages, best first. The list is sorted by `score`.

    `rerank` is the reranker's own score, `rerank_rank` the place after it was blended in. `lift`
    is the part of the score that it has for the exact identifiers it holds.
    """

    document_id: str
    score: float
    fused: float
    fused_rank: int
    passages: tuple[PassageScore, ...]
    rerank: float | None = None
    rerank_rank: int | None = None
    identifiers: int = 0
    lift: float = 0.0


@dataclass(frozen=True)
class Ranking:
    """The whole ordered answer. `cut` says that a leg had more matches than it may bring."""

    terms: tuple[str, ...]
    documents: tuple[DocumentScore, ...]
    cut: bool
    reranked: bool
    reranked_count: int
    took_ms: Mapping[str, float]
    notices: tuple[Message, ...] = ()
