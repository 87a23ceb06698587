"""The query line: scope → retrieve → fuse → group → rerank. It reads top to bottom."""

from dataclasses import replace

from django.conf import settings

from documents.messages import Message
from retrieval.live_index import current_index, live_index
from retrieval.query import Filters, ParsedQuery, Scope
from retrieval.ranking import fusion, match_all
from retrieval.ranking.document_groups import group_by_document
from retrieval.ranking.rerank_stage import rerank
from retrieval.ranking.retrievers import (
    RETRIEVERS,
    DenseRetriever,
    dense_share,
    retrieve,
    score_union,
)
from retrieval.ranking.types import Ranking, RankingOptions
from retrieval.trace import SearchTrace

INCOMPLETE = Message("index_incomplete")


def default_options() -> RankingOptions:
    """How this installation ranks."""
    return RankingOptions(
        fusion=settings.FUSION,
        weights=dense_share(settings.DENSE_WEIGHT),
        candidates=settings.RETRIEVER_TOP_K,
        rerank_depth=settings.RERANK_TOP_N,
        rerank_weight=settings.RERANK_WEIGHT,
        rerank_shown=settings.RERANK_INPUT,
        rerank_budget_ms=settings.RERANK_BUDGET_MS,
    )


def rank(query: ParsedQuery, filters: Filters, options: RankingOptions) -> Ranking:
    """Rank what `filters` let pass. Operators alone list what they let pass, newest first."""
    trace = SearchTrace()
    if filters.like:
        options = replace(options, mode=DenseRetriever.name, rerank=False)
    index = current_index()
    if not live_index().caught_up.is_set():
        trace.notice(INCOMPLETE)
    context = Scope.of(query, filters, index, trace)
    if query.only_operators:
        return match_all.newest_documents(context)
    found = retrieve(context, options.mode, options.candidates)
    with trace.stage("fuse"):
        weights = {name: each.weight for name, each in RETRIEVERS.items()} | dict(options.weights)
        results = score_union(context, found)
        fused = fusion.fuse(results, weights, options.fusion)
        documents = group_by_document(fused, results, context)
    with trace.stage("rerank"):
        documents, count = rerank(documents, context, options)
    return Ranking(
        terms=context.terms,
        documents=tuple(sorted(documents, key=lambda d: (-d.score, d.fused_rank))),
        cut=context.incomplete or any(top.truncated for _, top in found),
        reranked=count > 0,
        reranked_count=count,
        took_ms=trace.took_ms,
        warnings=trace.warnings,
    )
