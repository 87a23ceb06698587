"""The search pipeline: context → retrieve → fuse → group → rerank."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from django.conf import settings

from documents.embedding import active_space
from documents.messages import Message
from retrieval.lexical import Longs
from retrieval.live_index import current_index, live_index
from retrieval.query import Filters, ParsedQuery, SearchContext
from retrieval.ranking import fusion, match_all
from retrieval.ranking.document_groups import group_by_document
from retrieval.ranking.matches import (
    MatchedDocuments,
    documents_of_passages,
    holding_enough_words,
    matched_documents,
)
from retrieval.ranking.pinned_documents import pinned_passages, with_passages
from retrieval.ranking.rerank_stage import rerank
from retrieval.ranking.retrievers import (
    RETRIEVERS,
    DenseRetriever,
    LexicalRetriever,
    Retriever,
    TopK,
    dense_share,
    retrieve,
    retrievers_of,
    score_union,
    titled_passages,
)
from retrieval.ranking.types import Ranking, RankingOptions
from retrieval.trace import SearchTrace

LANGUAGE_SAMPLE = 10  # first hits by words, whose languages count
UNREAD_SHARE = 0.02  # of the dense retriever's weight: it orders what words leave equal

INCOMPLETE = Message("index_incomplete")


def default_options() -> RankingOptions:
    """The ranking options of the settings."""
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
    """Rank the documents that pass `filters`; without words, the newest come first."""
    options = _options_for(filters, options)
    return _rank(_context(query, filters, options), retrievers_of(options.mode), options)


def rank_and_collect(
    query: ParsedQuery, filters: Filters, base: Filters, options: RankingOptions
) -> tuple[Ranking, MatchedDocuments]:
    """The ranking, and what matches under the wider filters `base`, which facets count.

    Both use the same state of the index and one vector of the query; only the ranking is scored.
    """
    options = _options_for(filters, options)
    context, retrievers = _context(query, filters, options), retrievers_of(options.mode)
    ranking = _rank(context, retrievers, options)
    return ranking, _collect(context.within(base), retrievers, options)


def _options_for(filters: Filters, options: RankingOptions) -> RankingOptions:
    """The options for a query; `like:` uses the dense retriever alone, and has no pins."""
    if not filters.like:
        return options
    return replace(options, mode=DenseRetriever.name, rerank=False, pinned=())


def _context(query: ParsedQuery, filters: Filters, options: RankingOptions) -> SearchContext:
    trace = SearchTrace()
    index = current_index()
    if not live_index().caught_up.is_set():
        trace.notice(INCOMPLETE)
    return SearchContext.of(query, filters, index, active_space(), trace, rules=options.rules)


def _rank(
    context: SearchContext, retrievers: Sequence[Retriever], options: RankingOptions
) -> Ranking:
    if context.query.only_operators:
        return match_all.newest_documents(context)
    found = retrieve(context, retrievers, options.candidates)
    with context.trace.stage("fuse"):
        weights = {name: each.weight for name, each in RETRIEVERS.items()} | dict(options.weights)
        pinned = pinned_passages(context, options.pinned)
        named = [*pinned, *titled_passages(context)]
        results = score_union(context, found, named)
        fused = fusion.fuse(results, _by_language(weights, found, context), options.fusion)
        fused = with_passages(fused, pinned)
        documents = group_by_document(
            fused, results, context, options.recency, pinned=options.pinned
        )
        there = {each.passage_id for document in documents for each in document.passages}
        gone = [hit.passage_id for hit in fused if hit.passage_id not in there]
        matched = matched_documents(context, _matched(context, found, named), gone)
    with context.trace.stage("rerank"):
        documents, count = rerank(documents, context, options)
    return Ranking(
        terms=context.terms,
        documents=tuple(sorted(documents, key=lambda d: (-d.score, d.fused_rank))),
        truncated=_is_truncated(context, found),
        reranked=count > 0,
        reranked_count=count,
        took_ms=context.trace.took_ms,
        matched=matched,
        warnings=context.trace.warnings,
    )


def _by_language(
    weights: Mapping[str, float], found: Sequence[tuple[Retriever, TopK]], context: SearchContext
) -> Mapping[str, float]:
    """The weights, that of the dense retriever reduced as far as its model does not read what is
    asked: by the query's script, and by the languages of the documents that have its words."""
    by_words = {retriever.name: top.hits for retriever, top in found}.get(LexicalRetriever.name)
    if not by_words or DenseRetriever.name not in weights:
        return weights
    read = context.readable([hit.passage_id for hit in by_words[:LANGUAGE_SAMPLE]])
    share = max(sum(read) / len(read), UNREAD_SHARE)
    return {**weights, DenseRetriever.name: weights[DenseRetriever.name] * share}


def _collect(
    context: SearchContext, retrievers: Sequence[Retriever], options: RankingOptions
) -> MatchedDocuments:
    if context.query.only_operators:
        return match_all.newest_documents(context).matched
    found = retrieve(context, retrievers, options.candidates)
    titled = titled_passages(context) if found else []
    named = [*pinned_passages(context, options.pinned), *titled]
    return matched_documents(context, _matched(context, found, named), ())


def _matched(
    context: SearchContext, found: Sequence[tuple[Retriever, TopK]], named: Sequence[int]
) -> Iterator[Longs]:
    """What counts by a pin or its title, by each retriever, and, of what they bring, by words."""
    yield documents_of_passages(context, named)
    for _, top in found:
        ids = [hit.passage_id for hit in top.hits]
        yield documents_of_passages(context, ids) if top.matched is None else top.matched
    if not any(retriever.name == LexicalRetriever.name for retriever, _ in found):
        brought = [hit.passage_id for _, top in found for hit in top.hits]
        yield holding_enough_words(context, documents_of_passages(context, brought))


def _is_truncated(context: SearchContext, found: Sequence[tuple[Retriever, TopK]]) -> bool:
    return context.may_lack_some or any(top.truncated for _, top in found)
