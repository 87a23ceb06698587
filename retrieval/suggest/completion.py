"""Autocomplete: what a caller may mean who has typed the beginning of a query.

Titles and headings come from the lexical index under the caller's mask, queries from the caller's
own recent searches and from those that many users have made and that find something here.
"""

from collections.abc import Iterable, Sequence
from itertools import islice

from documents.models.permissions import Caller
from retrieval.analysis import CutWord, cut_words, folded_words
from retrieval.lexical import BM25Index
from retrieval.live_index import current_index
from retrieval.query import (
    Filters,
    ParsedQuery,
    SearchRequest,
    filters_for,
    with_document_languages,
)
from retrieval.suggest.headlines import find_headlines
from retrieval.suggest.past_queries import is_plain, own_queries, popular_queries
from retrieval.suggest.suggestion import Suggestion, SuggestionKind

LEAST = 2  # letters, before which everything would fit; one where a letter is a word
MAX_COMPLETION_INPUT = 200
SHOWN = 8
# In the order in which they stand; of a kind so many at most.
MOST = {
    SuggestionKind.RECENT: 3,
    SuggestionKind.POPULAR: 2,
    SuggestionKind.TITLE: 5,
    SuggestionKind.HEADING: 3,
}
# Of suggestions that are one, the first of these kinds stays.
PREFERRED = (
    SuggestionKind.TITLE,
    SuggestionKind.HEADING,
    SuggestionKind.RECENT,
    SuggestionKind.POPULAR,
)


def autocomplete(user: Caller, typed: str) -> list[Suggestion]:
    """Up to SHOWN suggestions for the text typed so far; for none, the latest searches of a caller
    who is signed in."""
    text = " ".join(typed.replace("\0", " ").split())
    if len(text) > MAX_COMPLETION_INPUT:
        return []
    index = current_index()
    filters = filters_for(user, ParsedQuery(""), SearchRequest(""))
    filters = with_document_languages(filters, index)
    words = [word for word in cut_words(text) if not word.is_joined]
    if not words:
        return [] if text else own_queries(user, [], filters)[:SHOWN]
    own = own_queries(user, words, filters)
    others = _suggestions(words, filters, index) if is_plain(text) else []
    key = folded_words(text)
    fresh = [each for each in [*own, *others] if each.url or folded_words(each.text) != key]
    return _listed(_distinct(fresh))


def _suggestions(words: Sequence[CutWord], filters: Filters, index: BM25Index) -> list[Suggestion]:
    letters = sum(len(word.folded) for word in words)
    if not filters.collections or (letters < LEAST and not words[0].is_unspaced):
        return []
    return [*popular_queries(words, filters, index), *find_headlines(words, filters, index)]


def _distinct(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """Each once, however its words are written or end."""
    found: list[Suggestion] = []
    known: set[tuple[str, ...]] = set()
    for each in sorted(suggestions, key=lambda one: PREFERRED.index(one.kind)):
        if known.isdisjoint(each.forms):
            found.append(each)
            known |= each.forms
    return found


def _listed(suggestions: Sequence[Suggestion]) -> list[Suggestion]:
    """The first of each kind; headings take the places that are left."""
    listed: list[Suggestion] = []
    for kind, most in MOST.items():
        listed += islice((each for each in suggestions if each.kind == kind), most)
    return listed[:SHOWN]
