"""The query line: scope → legs → fuse → group → rerank. It reads top to bottom."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from documents.models import Chunk
from documents.passages import indexed_text
from retrieval import fusion, legs, listing, reranking
from retrieval.filters import Filters
from retrieval.grouping import group
from retrieval.index import live_index
from retrieval.query import Query
from retrieval.ranking import DocumentScore, Options, Ranking
from retrieval.scope import Scope

MODES = ("hybrid", "lexical", "dense")


class Clock:
    """Milliseconds each stage took."""

    def __init__(self) -> None:
        self.started = time.perf_counter()
        self.took_ms: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.took_ms[name] = round(1000 * (time.perf_counter() - started), 1)

    def finished(self) -> dict[str, float]:
        return self.took_ms | {"total": round(1000 * (time.perf_counter() - self.started), 1)}


def search(query: Query, filters: Filters, options: Options) -> Ranking:
    """Rank what `filters` let pass. Operators alone list what they let pass, newest first."""
    clock = Clock()
    scope = Scope.of(query, filters, live_index().refresh())
    if query.only_operators:
        return listing.newest(scope, clock.finished())
    notices: list[str] = []
    with clock.stage("embed"):
        vector = legs.query_vector(query.text, options.mode, notices)
    with clock.stage("lexical"):
        lexical = legs.lexical(scope, options, has_vector=vector is not None)
    with clock.stage("dense"):
        dense = legs.dense(scope, options, vector)
    with clock.stage("fuse"):
        found = legs.score_union(scope, lexical, dense, vector, options)
        fused = fusion.fuse(found, options.fusion)
        documents = group(fused, found, scope)
    with clock.stage("rerank"):
        documents, count = _rerank(query.text, documents, options)
    return Ranking(
        terms=scope.terms,
        documents=tuple(sorted(documents, key=lambda d: (-d.score, d.fused_rank))),
        cut=lexical.cut or dense.cut,
        reranked=count > 0,
        reranked_count=count,
        took_ms=clock.finished(),
        notices=tuple(notices),
    )


def _rerank(
    text: str, documents: Sequence[DocumentScore], options: Options
) -> tuple[list[DocumentScore], int]:
    """Blend a reranker's scores into those of the first documents; the rest stay beneath.

    A document is judged by its best passage. Exact identifiers stay above: see `grouping`.
    """
    reranker = reranking.load() if options.rerank and documents else None
    if reranker is None:
        return list(documents), 0
    head, tail = documents[: options.rerank_depth], documents[options.rerank_depth :]
    scores = reranker.score(text, _texts([d.passages[0].chunk_id for d in head]))
    floor = max((d.fused for d in tail), default=None)
    blended = fusion.blend([d.fused for d in head], scores, options.rerank_weight, floor)
    order = sorted(range(len(head)), key=lambda i: (-scores[i], i))
    ranks = {i: rank for rank, i in enumerate(order, start=1)}
    reranked = [
        replace(d, score=d.lift + blended[i], rerank=scores[i], rerank_rank=ranks[i])
        for i, d in enumerate(head)
    ]
    return [*reranked, *tail], len(head)


def _texts(chunk_ids: Sequence[int]) -> list[str]:
    """What the models read of each chunk: title, headings, passage."""
    rows = Chunk.objects.filter(pk__in=chunk_ids).values_list(
        "pk", "document__title", "headings", "text"
    )
    texts = {pk: indexed_text(title, headings, text) for pk, title, headings, text in rows}
    return [texts.get(chunk, "") for chunk in chunk_ids]
