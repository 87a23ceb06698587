"""The public door of retrieval: a request in, a page of results out.

The ranked list of a search is kept for a while under its `search_id`, bound to its caller, so that
pages, total and facet counts come from one list and never contradict each other.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from documents.models import Collection
from documents.querysets import Caller
from retrieval import engine
from retrieval.facets import count_facets
from retrieval.filters import Filters, filters_for, visible_collections
from retrieval.kept import Kept, asked_by, caller_of, keep, keep_on, recall
from retrieval.pages import DocumentCard, Facet, Page, PassageHit, Result, SearchRequest
from retrieval.presenting import present
from retrieval.query import Query, parse
from retrieval.ranking import Options
from retrieval.retrievers import dense_share
from retrieval.suggesting import suggest
from retrieval.traits import Choice, chosen_by, passes, traits_of, typed_in

__all__ = ["DocumentCard", "Facet", "Page", "PassageHit", "Result", "SearchRequest", "find"]


@dataclass(frozen=True)
class Asking:
    """One call: who asks for what, and the collections that they may search at this moment."""

    user: Caller
    query: Query
    request: SearchRequest
    visible: Sequence[Collection]

    @cached_property
    def chosen(self) -> Choice:
        return chosen_by(self.request)

    @cached_property
    def inside(self) -> Filters:
        return filters_for(self.user, self.query, self.request, self.visible)

    @property
    def without_choice(self) -> Filters:
        return filters_for(self.user, self.query, replace(self.request, filters={}), self.visible)

    def traits_of(self, documents: Iterable[str]) -> dict[str, dict[str, tuple[str, ...]]]:
        """Of those that are there, may be seen, and are as the query's own operators say."""
        typed = typed_in(self.query, self.visible)
        found = traits_of(documents, self.visible, self.chosen)
        return {document: traits for document, traits in found.items() if passes(traits, typed)}


def find(user: Caller, request: SearchRequest) -> Page:
    """The page asked for. Unknown or expired ids, and those of others, are searched afresh."""
    asking = Asking(user, parse(request.query), request, visible_collections(user))
    kept = recall(user, request)
    search_id = request.search_id if kept else secrets.token_urlsafe(12)
    if kept and kept.chosen == asking.chosen:
        keep_on(search_id)
    else:
        kept = _choose_anew(asking, kept) if kept else _search(asking)
        keep(search_id, kept)
    page = _page(asking, kept, search_id)
    if request.search_id and page.has_holes:  # passages were made anew since the search
        return find(user, replace(request, search_id=""))
    if page.total or not page.suggestion:
        return page
    corrected = find(user, replace(request, query=page.suggestion))
    if not corrected.total:  # its operators forbid what the better words would find
        return page
    return replace(corrected, corrected=True, suggestion=page.suggestion, query=request.query)


def options_for(request: SearchRequest) -> Options:
    """The settings of this installation, as far as the request does not say otherwise."""
    asked = {
        name: value
        for name in ("fusion", "rerank_depth", "rerank_weight")
        if (value := getattr(request, name)) is not None
    }
    if request.dense_weight is not None:
        asked["weights"] = dense_share(request.dense_weight)
    return replace(engine.default_options(), mode=request.mode, rerank=request.rerank, **asked)


def _search(asking: Asking) -> Kept:
    options = options_for(asking.request)
    ranking = base = engine.search(asking.query, asking.inside, options)
    if asking.chosen:
        everywhere = asking.without_choice
        base = engine.search(asking.query, everywhere, replace(options, rerank=False))
    return Kept(
        caller=caller_of(asking.user),
        asked=asked_by(asking.request),
        chosen=asking.chosen,
        base=tuple(document.document_id for document in base.documents),
        base_cut=base.cut,
        ranking=ranking,
        whole=not asking.chosen and not ranking.cut,
    )


def _choose_anew(asking: Asking, kept: Kept) -> Kept:
    """Other filters on a kept search: narrow what is complete, search inside what is not."""
    ranking = kept.ranking
    if not kept.whole:
        ranking = engine.search(asking.query, asking.inside, options_for(asking.request))
    return replace(kept, chosen=asking.chosen, ranking=ranking)


def _page(asking: Asking, kept: Kept, search_id: str) -> Page:
    """Whether a document is found is decided by what the database says of it now: it may have
    been moved, changed or hidden since the search."""
    request, ranking, chosen = asking.request, kept.ranking, asking.chosen
    listed = {document.document_id for document in ranking.documents} | set(kept.base)
    traits = asking.traits_of(listed)
    base = [document for document in kept.base if document in traits]
    found = [
        document
        for document in ranking.documents
        if document.document_id in traits and passes(traits[document.document_id], chosen)
    ]
    ids = [document.document_id for document in found]
    start = (request.page - 1) * request.page_size
    return Page(
        query=request.query,
        search_id=search_id,
        mode=request.mode,
        reranked=ranking.reranked,
        reranked_count=ranking.reranked_count,
        total=len(found),
        total_relation="gte" if ranking.cut else "eq",
        page=request.page,
        page_size=request.page_size,
        took_ms=dict(ranking.took_ms),
        results=present(found[start : start + request.page_size], ranking, request.explain),
        facets=count_facets(traits, base, ids, chosen, asking.visible),
        facets_relation="gte" if kept.base_cut or ranking.cut else "eq",
        suggestion=suggest(request.query, asking.inside),
        notices=list(ranking.notices),
    )
