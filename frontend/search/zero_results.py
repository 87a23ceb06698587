"""What is offered where nothing was found: the words alone, and what is nearest to them."""

from dataclasses import replace

from documents.models.permissions import Caller
from frontend.search.params import SearchParams
from frontend.search.results import ResultView, results_view
from retrieval.search import DenseRetriever, parse_query, search_documents

SHOWN = 3


def plain_query(params: SearchParams) -> SearchParams | None:
    """The words of the query without its operators, quotation marks and filters, None for none."""
    words = parse_query(params.query).text
    return SearchParams(query=words) if words else None


def nearest_results(user: Caller, params: SearchParams) -> list[ResultView]:
    """The documents that are nearest by meaning to the words, of all that `user` may see."""
    words = plain_query(params)
    if words is None:
        return []
    by_meaning = replace(
        words, mode=DenseRetriever.name, rerank=False, page_size=SHOWN, explain=False
    )
    page = search_documents(user, by_meaning)
    return [replace(one, begins_weak=False) for one in results_view(page, words, user).results]
