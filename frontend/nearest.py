"""What is offered where nothing was found: the words alone, and what is nearest to them."""

from dataclasses import replace

from documents.querysets import Caller
from frontend.asking import Asked
from frontend.finding import ResultView, present
from retrieval.query import parse
from retrieval.results import find
from retrieval.retrievers import DenseRetriever

SHOWN = 3


def plain(asked: Asked) -> Asked | None:
    """The words of the query without its operators, quotation marks and filters, None for none."""
    words = parse(asked.query).text
    return Asked(query=words) if words else None


def nearest(user: Caller, asked: Asked) -> list[ResultView]:
    """The documents that are nearest by meaning to the words, of all that `user` may see."""
    words = plain(asked)
    if words is None:
        return []
    by_meaning = replace(
        words, mode=DenseRetriever.name, rerank=False, page_size=SHOWN, explain=False
    )
    page = find(user, by_meaning)
    return [replace(one, begins_weak=False) for one in present(page, words, user).results]
