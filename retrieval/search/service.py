"""The search service: a page of results for a request.

The ranking of a search is cached under its `search_id`, bound to its caller, so that pages, total
and facet counts come from one ranking and never contradict each other.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from documents.models import Collection
from documents.models.permissions import Caller
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
    DocumentScore,
    RankingOptions,
    default_options,
    dense_share,
    rank,
    rank_and_collect,
)
from retrieval.search.facet_values import (
    FacetChoice,
    facet_values,
    filters_in_query,
    filters_in_request,
    matches,
)
from retrieval.search.facets import count_facets
from retrieval.search.page import DocumentCard, FacetValue, PassageHit, SearchResponse, SearchResult
from retrieval.search.relevance import STRONG
from retrieval.search.result_cache import (
    CachedSearch,
    caller_key,
    load_search,
    load_search_of,
    ranking_key,
    renew_search,
    store_search,
)
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

DocumentFacets = dict[str, dict[str, tuple[str, ...]]]


@dataclass(frozen=True)
class KeptResult:
    """A document in the kept list of a search, what was asked there, and its place, from 1."""

    search_id: str
    document_id: str
    query: str
    position: int


@dataclass(frozen=True)
class ResolvedRequest:
    """A request with its caller, its parsed query and the collections visible to the caller."""

    user: Caller
    query: ParsedQuery
    request: SearchRequest
    visible: Sequence[Collection]

    @cached_property
    def chosen(self) -> FacetChoice:
        return filters_in_request(self.request)

    @cached_property
    def filters(self) -> Filters:
        return filters_for(self.user, self.query, self.request, self.visible)

    @property
    def base_filters(self) -> Filters:
        return filters_for(self.user, self.query, replace(self.request, filters={}), self.visible)

    def found_in(self, kept: CachedSearch) -> tuple[DocumentFacets, list[DocumentScore]]:
        """What is known of the documents listed, and those of the ranking that are shown, in order.

        Whether a document is shown is decided by what the database says of it now: it may have
        been moved, changed or hidden since the search.
        """
        ranked = kept.ranking.documents
        values = self.facet_values_of({d.document_id for d in ranked} | set(kept.unfiltered_ids))
        shown = (d for d in ranked if d.document_id in values)
        return values, [d for d in shown if matches(values[d.document_id], self.chosen)]

    def facet_values_of(self, documents: Iterable[str]) -> DocumentFacets:
        """Of those that are there, may be seen, and are as the query's own operators say."""
        typed = filters_in_query(self.query, self.visible)
        found = facet_values(documents, self.visible, self.chosen)
        return {document: values for document, values in found.items() if matches(values, typed)}


def search_documents(user: Caller, request: SearchRequest) -> SearchResponse:
    """The page asked for, of the corrected query where words of it stand in no document. Unknown or
    expired ids, and those of others, are searched afresh."""
    visible = visible_collections(user)
    query = parse_query(request.query, known_values(visible, current_index()))
    resolved = ResolvedRequest(user, query, request, visible)
    correction = correct_query(request.query, query, resolved.filters)
    if correction and correction.certain and request.correct:
        better = replace(request, query=correction.query, correct=False)
        page = search_documents(user, better)
        if page.total:
            return replace(page, corrected=True, suggestion=correction.query, query=request.query)
    return _searched(resolved, correction.query if correction else None)


def _searched(resolved: ResolvedRequest, suggestion: str | None) -> SearchResponse:
    """The page of the query as it is typed."""
    user, request = resolved.user, resolved.request
    kept = load_search(user, request)
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
    _, found = ResolvedRequest(
        user, parse_query(query), request, visible_collections(user)
    ).found_in(kept)
    places = {document.document_id: place for place, document in enumerate(found, start=1)}
    if document_id not in places:
        return None
    return KeptResult(search_id, document_id, query, places[document_id])


def options_for(request: SearchRequest) -> RankingOptions:
    """The ranking options of the settings, changed by those of the request."""
    changes = {
        name: value
        for name in ("fusion", "rerank_depth", "rerank_weight")
        if (value := getattr(request, name)) is not None
    }
    if request.dense_weight is not None:
        changes["weights"] = dense_share(request.dense_weight)
    return replace(default_options(), mode=request.mode, rerank=request.rerank, **changes)


def _search(resolved: ResolvedRequest) -> CachedSearch:
    options = options_for(resolved.request)
    if resolved.chosen:
        ranking, everywhere = rank_and_collect(
            resolved.query, resolved.filters, resolved.base_filters, options
        )
        base, base_truncated = everywhere.ids, everywhere.truncated
    else:
        ranking = rank(resolved.query, resolved.filters, options)
        base, base_truncated = tuple(d.document_id for d in ranking.documents), ranking.truncated
    return CachedSearch(
        caller=caller_key(resolved.user),
        ranking_key=ranking_key(resolved.request),
        filters=resolved.chosen,
        unfiltered_ids=base,
        unfiltered_truncated=base_truncated,
        ranking=ranking,
        is_exhaustive=not resolved.chosen and not ranking.truncated,
    )


def _refilter(resolved: ResolvedRequest, kept: CachedSearch) -> CachedSearch:
    """A cached search with other filters: it searches again unless the ranking is exhaustive."""
    ranking = kept.ranking
    if not kept.is_exhaustive:
        ranking = rank(resolved.query, resolved.filters, options_for(resolved.request))
    return replace(kept, filters=resolved.chosen, ranking=ranking)


def _page(resolved: ResolvedRequest, kept: CachedSearch, search_id: str) -> SearchResponse:
    request, ranking, chosen = resolved.request, kept.ranking, resolved.chosen
    values, found = resolved.found_in(kept)
    base = [document for document in kept.unfiltered_ids if document in values]
    ids = [document.document_id for document in found]
    start = (request.page - 1) * request.page_size
    return SearchResponse(
        query=request.query,
        search_id=search_id,
        mode=request.mode,
        reranked=ranking.reranked,
        reranked_count=ranking.reranked_count,
        total=len(found),
        total_relation="gte" if ranking.truncated else "eq",
        page=request.page,
        page_size=request.page_size,
        took_ms=dict(ranking.took_ms),
        results=build_results(
            found[start : start + request.page_size], ranking, resolved.filters, request.explain
        ),
        facets=count_facets(values, base, ids, chosen, resolved.visible),
        facets_relation="gte" if kept.unfiltered_truncated or ranking.truncated else "eq",
        warnings=list(ranking.warnings),
    )
