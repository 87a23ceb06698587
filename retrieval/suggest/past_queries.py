"""Queries of the past: the caller's own, and those that many users have searched for."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from django.contrib.auth.models import User
from django.db.models import Count

from documents.models import TokenUser
from documents.models.permissions import Caller
from retrieval.analysis import CutWord, Prefixes, TypedMatch, match_typed
from retrieval.lexical import BM25Index
from retrieval.models import RecentSearch
from retrieval.query import Filters, phrase_of
from retrieval.suggest.suggestion import Suggestion, SuggestionKind, forms_of

# So many users must have searched for a query before others are told of it.
LEAST_USERS = 5
# Popular queries for which it is looked up whether they find something, and those that do, at most.
MOST_TRIED = 24
MOST_FOUND = 4
# Operators, quotes and exclusions: such a query may name what its words do not.
_MORE_THAN_WORDS = re.compile(r"(?:^|\s)[-+]|\S:\S|[\"*()“”„«»]")


def is_plain(query: str) -> bool:
    """Whether the query is words alone."""
    return not _MORE_THAN_WORDS.search(query)


def own_queries(user: Caller, words: Sequence[CutWord], filters: Filters) -> list[Suggestion]:
    """The caller's own recent searches with the words typed, those that begin with them first, then
    the latest. A program that has a token is told none."""
    if not isinstance(user, User) or isinstance(user, TokenUser):
        return []
    rows = RecentSearch.objects.filter(user_id=user.pk).order_by("-searched_at", "-pk")
    queries = list(rows.values_list("query", flat=True))
    if not words:
        return [_suggestion(SuggestionKind.RECENT, query, None, filters) for query in queries]
    matched = [(query, match) for query in queries if (match := match_typed(query, _typed(words)))]
    matched.sort(key=lambda pair: (pair[1].scattered, pair[1].place > 0))
    return [_suggestion(SuggestionKind.RECENT, query, match, filters) for query, match in matched]


def popular_queries(
    words: Sequence[CutWord], filters: Filters, index: BM25Index
) -> list[Suggestion]:
    """Queries that begin as typed, that LEAST_USERS users have searched for, and whose words one
    document that the caller may see has, all of them in this form; the commonest first."""
    begins = " ".join(word.folded for word in words)
    keys = (
        RecentSearch.objects.filter(key__startswith=begins)
        .values("key")
        .annotate(users=Count("user"))
        .filter(users__gte=LEAST_USERS)
        .order_by("-users", "key")
        .values_list("key", flat=True)[:MOST_TRIED]
    )
    spellings: dict[str, Counter[str]] = {key: Counter() for key in keys}
    rows = RecentSearch.objects.filter(key__in=spellings).order_by("query")
    for key, query in rows.values_list("key", "query"):
        spellings[key][query] += 1
    queries = (counts.most_common(1)[0][0] for counts in spellings.values())
    found = (
        _suggestion(SuggestionKind.POPULAR, query, match, filters)
        for query in queries
        if is_plain(query)
        and (match := match_typed(query, _typed(words)))
        and _finds_something(query, filters, index)
    )
    return list(islice(found, MOST_FOUND))


def _typed(words: Sequence[CutWord]) -> list[Prefixes]:
    return [(word.folded,) for word in words]


def _finds_something(query: str, filters: Filters, index: BM25Index) -> bool:
    phrases = [phrase_of(word, filters.languages) for word in query.split()]
    terms = [phrase for phrase in phrases if phrase]
    allowed = index.mask(filters.index_columns)
    return bool(terms) and bool(index.holding(terms, within=allowed).any())


def _suggestion(
    kind: SuggestionKind, query: str, match: TypedMatch | None, filters: Filters
) -> Suggestion:
    spans = match.spans if match else ()
    return Suggestion(kind, query, spans, forms=forms_of(query, filters.languages))
