"""The query line: scope → legs → fuse → group → rerank. It reads top to bottom."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from documents.messages import Message
from retrieval import alike, fusion, legs, listing
from retrieval.filters import Filters
from retrieval.grouping import group
from retrieval.index import live_index
from retrieval.query import Query
from retrieval.ranking import Options, Ranking
from retrieval.reordering import rerank
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
    if filters.like:
        options = replace(options, mode="dense", rerank=False)
    scope = Scope.of(query, filters, live_index().current())
    if query.only_operators:
        return listing.newest(scope, clock.finished())
    notices: list[Message] = []
    with clock.stage("embed"):
        vector = (
            alike.vector_of(filters.like)
            if filters.like
            else legs.query_vector(query.text, options.mode, notices)
        )
    with clock.stage("lexical"):
        lexical = legs.lexical(scope, options, has_vector=vector is not None)
    with clock.stage("dense"):
        dense = legs.dense(scope, options, vector)
    with clock.stage("fuse"):
        found = legs.score_union(scope, lexical, dense, vector, options)
        fused = fusion.fuse(found, options.fusion)
        documents = group(fused, found, scope)
    with clock.stage("rerank"):
        documents, count = rerank(query.text, documents, scope, options, notices)
    return Ranking(
        terms=scope.terms,
        documents=tuple(sorted(documents, key=lambda d: (-d.score, d.fused_rank))),
        cut=lexical.cut or dense.cut,
        reranked=count > 0,
        reranked_count=count,
        took_ms=clock.finished(),
        notices=tuple(notices),
    )
