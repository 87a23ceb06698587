"""The retrievers: each finds its best passages and scores those that the others found.

`RETRIEVERS` is the one place that lists them. docs/recipes/retriever.md says how to add one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from documents.embedding import has_hnsw_index
from documents.errors import ModelUnavailable
from documents.messages import Message
from documents.models import EmbeddingSpace
from retrieval.dense import FloatVector, document_vector, exact_cosines, nearest_passages
from retrieval.hits import Hit
from retrieval.lexical import Longs
from retrieval.modes import HYBRID
from retrieval.query import SearchContext, StatementTimeout, TimeBudget
from retrieval.ranking.fusion import RetrieverResult
from retrieval.ranking.matches import by_meaning, by_words

MOST_TITLED = 100  # documents of the same title

TOO_LONG = Message("query_too_long")
TOO_SLOW = Message("dense_timeout")


@dataclass(frozen=True)
class TopK:
    """A retriever's best candidates in order, and whether more passages match.

    `matched` are the numbers of all documents that count as results by it, best first; None for
    those of the hits.
    """

    hits: Sequence[Hit] = ()
    truncated: bool = False
    matched: Longs | None = field(default=None, compare=False)


class Retriever(Protocol):
    """Finds passages that the context allows. An instance serves one query and may cache what it
    computes for it: if facets are counted, `search` is called twice, with and without the selected
    filters.

    `name` is used in addresses, responses and weights. `weight` is the default share of the fused
    score, relative to those of the others.
    """

    name: str
    weight: float

    def search(self, context: SearchContext, k: int) -> TopK | None:
        """The best `k`, by score, ties by passage id. None if the retriever cannot take part in the
        search, as for a query without words or without its model."""

    def score(self, context: SearchContext, ids: Sequence[int]) -> Mapping[int, float]:
        """The exact scores of given passages, on the scale of `search`; passages that it cannot
        score are absent."""


class LexicalRetriever:
    """BM25 over the words of the query."""

    name = "lexical"
    weight = 0.5

    def search(self, context: SearchContext, k: int) -> TopK | None:
        if not context.terms:
            return None
        found = context.index.search_documents(
            context.terms.search, k, context.allowed, context.visible, context.terms.search_words
        )
        return TopK(found.hits, found.documents > k, by_words(context, found))

    def score(self, context: SearchContext, ids: Sequence[int]) -> Mapping[int, float]:
        """Passages without a word of the query are absent."""
        scores = context.index.score(context.terms.search, ids, context.visible)
        return {passage: score for passage, score in zip(ids, scores, strict=True) if score}


class DenseRetriever:
    """The nearest vectors by cosine, to the query's vector or to that of the `like:` document."""

    name = "dense"
    weight = 0.5

    def __init__(self) -> None:
        self._encoded: tuple[EmbeddingSpace, FloatVector] | None = None
        self._has_index = cache(has_hnsw_index)
        self._budget = TimeBudget()

    def search(self, context: SearchContext, k: int) -> TopK | None:
        self._encoded = self._encoded or _encoded(context)
        if self._encoded is None or not context.passing:
            return None
        try:
            with self._budget.limit():
                hits = self._nearest(context, k, *self._encoded)
        except StatementTimeout:
            context.trace.give_up(TOO_SLOW)
            return None
        if not hits:
            return None
        return TopK(hits, context.passing > k, by_meaning(context, hits))

    def _nearest(
        self, context: SearchContext, k: int, space: EmbeddingSpace, vector: FloatVector
    ) -> list[Hit]:
        return nearest_passages(
            space,
            vector,
            k,
            context.restriction,
            passing=context.passing,
            documents=context.index.documents_in(context.allowed),
            total=context.index.passage_count,
            has_index=self._has_index,
        )

    def score(self, context: SearchContext, ids: Sequence[int]) -> Mapping[int, float]:
        """Passages without a vector are absent."""
        self._encoded = self._encoded or _encoded(context)
        return exact_cosines(*self._encoded, ids) if self._encoded else {}


RETRIEVERS: dict[str, type[Retriever]] = {
    LexicalRetriever.name: LexicalRetriever,
    DenseRetriever.name: DenseRetriever,
}

MODES = (HYBRID, *RETRIEVERS)


def dense_share(share: float) -> dict[str, float]:
    """The weights of both retrievers for a dense share from 0 to 1."""
    return {LexicalRetriever.name: 1 - share, DenseRetriever.name: share}


def retrievers_of(mode: str) -> list[Retriever]:
    """The retrievers of a mode, for one search."""
    names = tuple(RETRIEVERS) if mode == HYBRID else (mode,)
    return [RETRIEVERS[name]() for name in names]


def retrieve(
    context: SearchContext, retrievers: Sequence[Retriever], k: int
) -> list[tuple[Retriever, TopK]]:
    """The best `k` of each retriever that takes part.

    If none does, as without an embedding model, the lexical retriever searches: it needs no model.
    """
    words = retrievers_of(LexicalRetriever.name)
    return _ask(retrievers, context, k) or _ask(words, context, k)


def _ask(
    retrievers: Sequence[Retriever], context: SearchContext, k: int
) -> list[tuple[Retriever, TopK]]:
    found = []
    for retriever in retrievers:
        with context.trace.stage(retriever.name):
            top = retriever.search(context, k)
        if top is not None:
            found.append((retriever, top))
    return found


def score_union(
    context: SearchContext, found: Sequence[tuple[Retriever, TopK]], more: Sequence[int] = ()
) -> list[RetrieverResult]:
    """Each retriever's result with exact scores for all candidates of all retrievers, and for
    `more` passages that need not be among them."""
    union = sorted({*more, *(hit.passage_id for _, top in found for hit in top.hits)})
    results = []
    for retriever, top in found:
        own = {hit.passage_id: hit.score for hit in top.hits}
        others = [passage for passage in union if passage not in own]
        scores = {**retriever.score(context, others), **own} if others else own
        results.append(RetrieverResult(retriever.name, top.hits, scores))
    return results


def titled_passages(context: SearchContext) -> list[int]:
    """The best passages, by words, of documents whose title is the query: candidates whatever the
    retrievers bring."""
    if not (context.terms and context.titled.any()):
        return []
    found = context.index.search_documents(
        context.terms.search, MOST_TITLED, context.titled, context.visible
    )
    return [hit.passage_id for hit in found.hits]


def _encoded(context: SearchContext) -> tuple[EmbeddingSpace, FloatVector] | None:
    """The context's space and the query's vector in it; None without a space or its model."""
    with context.trace.stage("embed"):
        like, space = context.filters.like, context.space
        if like:
            vector = document_vector(like, space) if space else None
        else:
            vector = _query_vector(context)
    return None if space is None or vector is None else (space, vector)


def _query_vector(context: SearchContext) -> FloatVector | None:
    """float32 (d,), unit length."""
    text = context.query.text
    if not text.strip():
        return None
    try:
        model = context.model()
        vector: FloatVector = model.embed([text], "query")[0]
    except ModelUnavailable as problem:
        context.trace.notice(Message("lexical_only", {"reason": problem.message}))
        return None
    if not model.reads_whole(text):
        context.trace.notice(TOO_LONG)
    return vector
