"""The public door of retrieval: a request in, a page of results out.

The ranked list of a search is kept for a while under its `search_id`, bound to its caller, so that
pages, total and facet counts come from one list and never contradict each other.
"""

import secrets
from dataclasses import replace

from django.conf import settings

from documents.querysets import Caller
from retrieval import engine
from retrieval.facets import count_facets
from retrieval.filters import filters_for
from retrieval.kept import Kept, asked_by, caller_of, chosen_by, keep, recall, still_visible
from retrieval.pages import DocumentCard, Facet, Page, PassageHit, Result, SearchRequest
from retrieval.presenting import present
from retrieval.query import Query, parse
from retrieval.ranking import Options
from retrieval.suggesting import suggest

__all__ = ["DocumentCard", "Facet", "Page", "PassageHit", "Result", "SearchRequest", "find"]


def find(user: Caller, request: SearchRequest) -> Page:
    """The page asked for. Unknown or expired ids, and those of others, are searched afresh."""
    query = parse(request.query)
    kept = recall(user, request)
    search_id = request.search_id if kept else secrets.token_urlsafe(12)
    if kept is None:
        kept = _search(user, query, request)
    elif kept.chosen != chosen_by(request):
        kept = _choose_anew(user, query, request, kept)
    keep(search_id, kept)
    page = _page(user, query, request, kept, search_id)
    if request.search_id and page.has_holes:  # passages were made anew since the search
        return find(user, replace(request, search_id=""))
    if page.total or not page.suggestion:
        return page
    corrected = find(user, replace(request, query=page.suggestion))
    return replace(corrected, corrected=True, suggestion=page.suggestion, query=request.query)


def options_for(request: SearchRequest) -> Options:
    """The settings of this installation, as far as the request does not say otherwise."""
    options = Options(
        mode=request.mode,
        fusion=settings.FUSION,
        dense_weight=settings.DENSE_WEIGHT,
        candidates=settings.CANDIDATES,
        rerank=request.rerank,
        rerank_depth=settings.RERANK_DEPTH,
        rerank_weight=settings.RERANK_WEIGHT,
        rerank_budget_ms=settings.RERANK_BUDGET_MS,
    )
    asked = {
        name: value
        for name in ("fusion", "dense_weight", "rerank_depth", "rerank_weight")
        if (value := getattr(request, name)) is not None
    }
    return replace(options, **asked)


def _search(user: Caller, query: Query, request: SearchRequest) -> Kept:
    options = options_for(request)
    inside = filters_for(user, query, request)
    if not any(chosen_by(request)):
        ranking = base = engine.search(query, inside, options)
    else:
        everywhere = filters_for(user, query, replace(request, collections=(), types=()))
        base = engine.search(query, everywhere, replace(options, rerank=False))
        ranking = engine.search(query, inside, options)
    return Kept(caller_of(user), asked_by(request), chosen_by(request), base, ranking)


def _choose_anew(user: Caller, query: Query, request: SearchRequest, kept: Kept) -> Kept:
    """Other filters on a kept search: narrow what is complete, search inside what is not."""
    if kept.base.cut or kept.base.reranked != kept.ranking.reranked:
        ranking = engine.search(query, filters_for(user, query, request), options_for(request))
    else:
        ranking = kept.base
    return replace(kept, chosen=chosen_by(request), ranking=ranking)


def _page(user: Caller, query: Query, request: SearchRequest, kept: Kept, search_id: str) -> Page:
    inside = filters_for(user, query, request)
    chosen = inside.collections if request.collections else frozenset()
    base = still_visible(user, kept.base.documents)
    found = [
        document
        for document in still_visible(user, kept.ranking.documents)
        if document.collection_id in inside.collections
        and (not request.types or document.type in request.types)
    ]
    start = (request.page - 1) * request.page_size
    return Page(
        query=request.query,
        search_id=search_id,
        mode=request.mode,
        reranked=kept.ranking.reranked,
        reranked_count=kept.ranking.reranked_count,
        total=len(found),
        total_relation="gte" if kept.ranking.cut else "eq",
        page=request.page,
        page_size=request.page_size,
        took_ms=dict(kept.ranking.took_ms),
        results=present(found[start : start + request.page_size], kept.ranking, request.explain),
        facets=count_facets(base, found, chosen, request.types),
        facets_relation="gte" if kept.base.cut or kept.ranking.cut else "eq",
        suggestion=suggest(query, inside),
        notices=list(kept.ranking.notices),
    )
