"""The search service: a page of results for a request.

The ranking of a search is cached under its `search_id`, bound to its caller, so that pages, total
and facet counts come from one ranking and never contradict each other.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from documents.models import Collection
from documents.models.permissions import Caller
from retrieval.curation import NO_CURATION, Curation, curated_collections, curation_of
from retrieval.lexical import BM25Index
from retrieval.live_index import current_index
from retrieval.query import (
    Filters,
    ParsedQuery,
    SearchRequest,
    filters_for,
    known_values,
    parse_query,
    visible_collections,
)
from retrieval.ranking import (
    STRONG,
    RankingOptions,
    default_options,
    dense_share,
    rank,
    rank_and_collect,
)
from retrieval.search.facet_values import FacetChoice, filters_in_request
from retrieval.search.page import DocumentCard, FacetValue, PassageHit, SearchResponse, SearchResult
from retrieval.search.result_cache import (
    CachedSearch,
    caller_key,
    load_search,
    load_search_of,
    ranking_key,
    renew_search,
    store_search,
)
from retrieval.search.result_list import ResultList, result_list_of
from retrieval.search.results import build_results
from retrieval.suggest import correct_query

__all__ = [
    "DocumentCard",
    "FacetValue",
    "KeptResult",
    "PassageHit",
    "SearchRequest",
    "SearchResponse",
    "SearchResult",
    "find_result",
    "search_documents",
]

MOST_RELATED = 10  # loosely related documents under the last page


@dataclass(frozen=True)
class KeptResult:
    """A document in the kept list of a search, what was asked there, and its place, from 1."""

    search_id: str
    document_id: str
    query: str
    position: int


@dataclass(frozen=True)
class ResolvedRequest:
    """A request with its caller, its parsed query, the collections visible to the caller, and the
    index as it is now, and the synonyms and pins of these collections."""

    user: Caller
    query: ParsedQuery
    request: SearchRequest
    visible: Sequence[Collection]
    index: BM25Index
    curation: Curation = NO_CURATION

    @cached_property
    def chosen(self) -> FacetChoice:
        return filters_in_request(self.request)

    @cached_property
    def filters(self) -> Filters:
        return filters_for(self.user, self.query, self.request, self.visible)

    @cached_property
    def base_filters(self) -> Filters:
        return filters_for(self.user, self.query, replace(self.request, filters={}), self.visible)

    def listing(self, kept: CachedSearch) -> ResultList:
        """What a kept search lists now."""
        return result_list_of(kept, self.index, self.base_filters, self.chosen, self.visible)


def search_documents(user: Caller, request: SearchRequest) -> SearchResponse:
    """The page asked for, of the corrected query where words of it stand in no document. Unknown or
    expired ids, and those of others, are searched afresh."""
    visible = curated_collections(Collection.objects.visible_to(user), request.query)
    index = current_index()
    query = parse_query(request.query, known_values(visible, index))
    resolved = ResolvedRequest(user, query, request, visible, index, curation_of(visible, index))
    rules = resolved.curation.rules
    correction = correct_query(request.query, query, resolved.filters, rules)
    if correction and correction.certain and request.correct and not resolved.curation.pinned:
        better = replace(request, query=correction.query, correct=False)
        page = search_documents(user, better)
        if page.has_documents:
            return replace(page, corrected=True, suggestion=correction.query, query=request.query)
    return _searched(resolved, correction.query if correction else None)


def _searched(resolved: ResolvedRequest, suggestion: str | None) -> SearchResponse:
    """The page of the query as it is typed."""
    user, request = resolved.user, resolved.request
    kept = load_search(user, request, resolved.curation.version)
    search_id = request.search_id if kept else secrets.token_urlsafe(12)
    if kept and kept.filters == resolved.chosen:
        renew_search(search_id)
    else:
        kept = _refilter(resolved, kept) if kept else _search(resolved)
        store_search(search_id, kept)
    page = _page(resolved, kept, search_id)
    if request.search_id and page.is_incomplete:  # documents were indexed again since the search
        return search_documents(user, replace(request, search_id=""))
    is_sure = bool(page.results) and page.results[0].relevance == STRONG
    return page if is_sure or request.page > 1 else replace(page, suggestion=suggestion)


def find_result(user: Caller, search_id: str, document_id: str) -> KeptResult | None:
    """None where the caller has no such search, or its list does not show the document now."""
    kept = load_search_of(user, search_id)
    if kept is None:
        return None
    query = str(kept.ranking_key[0])
    chosen = {facet: tuple(sorted(values)) for facet, values in kept.filters.items()}
    request = SearchRequest(query, filters=chosen)
    visible, index = visible_collections(user), current_index()
    parsed = parse_query(query, known_values(visible, index))
    resolved = ResolvedRequest(user, parsed, request, visible, index)
    place = resolved.listing(kept).place(document_id)
    return None if place is None else KeptResult(search_id, document_id, query, place)


def options_for(request: SearchRequest, curation: Curation = NO_CURATION) -> RankingOptions:
    """The ranking options of the settings, changed by those of the request, with the synonyms and
    pins that apply."""
    changes = {
        name: value
        for name in ("fusion", "rerank_depth", "rerank_weight")
        if (value := getattr(request, name)) is not None
    }
    if request.dense_weight is not None:
        changes["weights"] = dense_share(request.dense_weight)
    return replace(
        default_options(),
        mode=request.mode,
        rerank=request.rerank,
        rules=curation.rules,
        pinned=curation.pinned,
        **changes,
    )


def _search(resolved: ResolvedRequest) -> CachedSearch:
    options = options_for(resolved.request, resolved.curation)
    if resolved.chosen:
        ranking, everywhere = rank_and_collect(
            resolved.query, resolved.filters, resolved.base_filters, options
        )
    else:
        ranking, everywhere = rank(resolved.query, resolved.filters, options), None
    return CachedSearch(
        caller=caller_key(resolved.user),
        ranking_key=ranking_key(resolved.request, resolved.curation.version),
        filters=resolved.chosen,
        unfiltered=everywhere,
        ranking=ranking,
        is_exhaustive=not resolved.chosen and not ranking.truncated,
    )


def _refilter(resolved: ResolvedRequest, kept: CachedSearch) -> CachedSearch:
    """A cached search with other filters: it searches again unless the ranking is exhaustive."""
    ranking, everywhere = kept.ranking, kept.everywhere
    if not kept.is_exhaustive:
        options = options_for(resolved.request, resolved.curation)
        ranking = rank(resolved.query, resolved.filters, options)
    return replace(kept, filters=resolved.chosen, unfiltered=everywhere, ranking=ranking)


def _page(resolved: ResolvedRequest, kept: CachedSearch, search_id: str) -> SearchResponse:
    request, ranking, filters = resolved.request, kept.ranking, resolved.filters
    listing = resolved.listing(kept)
    start, end = (request.page - 1) * request.page_size, request.page * request.page_size
    shown = listing.documents(start, end, ranking, filters)
    is_last = start < max(listing.total, 1) and end >= listing.total
    related = listing.related[:MOST_RELATED] if is_last else []
    results = build_results([*shown, *related], ranking, filters, request.explain)
    loose = {document.document_id for document in related}
    relation = "gte" if ranking.matched.truncated or kept.everywhere.truncated else "eq"
    return SearchResponse(
        query=request.query,
        search_id=search_id,
        mode=request.mode,
        reranked=ranking.reranked,
        reranked_count=ranking.reranked_count,
        total=listing.total,
        total_relation="gte" if ranking.matched.truncated else "eq",
        page=request.page,
        page_size=request.page_size,
        took_ms=dict(ranking.took_ms),
        results=[each for each in results if each.document.id not in loose],
        related=[each for each in results if each.document.id in loose],
        facets=listing.facets,
        facets_relation=relation,
        warnings=list(ranking.warnings),
    )
