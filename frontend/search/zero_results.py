"""Suggestions for a search without results: the plain words, and the nearest documents."""

from dataclasses import replace

from documents.models.permissions import Caller
from frontend.search.params import SearchParams
from frontend.search.results import ResultView, results_view
from retrieval.search import DenseRetriever, parse_query, search_documents

SHOWN = 3


def plain_query(params: SearchParams) -> SearchParams | None:
    """A search for the query's words without operators, quotes and filters; None without words."""
    words = parse_query(params.query).text
    return SearchParams(query=words) if words else None


def nearest_results(user: Caller, params: SearchParams) -> list[ResultView]:
    """The documents that `user` may see that are nearest in meaning to the words."""
    words = plain_query(params)
    if words is None:
        return []
    by_meaning = replace(
        words, mode=DenseRetriever.name, rerank=False, page_size=SHOWN, explain=False
    )
    page = search_documents(user, by_meaning)
    found = results_view(page, words, user)
    return [*found.results, *found.related][:SHOWN]
