"""What a caller may mean who is still typing: titles, and words that go on as theirs do.

Everything comes from documents that the caller can see: titles by an index of their words in
PostgreSQL, words from the lexical index under the caller's mask.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Case, Value, When
from django.db.models.functions import Length

from documents.models import Document
from documents.querysets import Caller
from retrieval.analysis import language_code, terms
from retrieval.filters import filters_for
from retrieval.index import live_index
from retrieval.lexical import BM25Index
from retrieval.lexical.kernels import Bools
from retrieval.pages import SearchRequest
from retrieval.query import Query
from retrieval.scope import mask_of
from retrieval.tokenising import fold

LEAST = 2  # letters of a word, before which everything would fit
LONGEST = 200
# Words looked at: those of commonest terms first, so that the best are among them.
CONSIDERED = 300
SHOWN = 5


@dataclass(frozen=True)
class Title:
    """A document whose title holds the words."""

    id: str
    title: str
    collection: str
    url: str


@dataclass(frozen=True)
class Completions:
    """Whole queries that begin as typed, and documents by their titles; the likeliest first."""

    queries: list[str]
    titles: list[Title]


def complete(user: Caller, typed: str) -> Completions:
    """Up to SHOWN of each kind; none before the last word has LEAST letters."""
    typed = " ".join(typed.replace("\0", " ").split())
    last = re.search(r"[^\W_]+$", typed)
    if last is None or len(last.group()) < LEAST or len(typed) > LONGEST:
        return Completions([], [])
    before = typed[: last.start()]
    words = [before + word for word in _words(user, before, fold(last.group()))]
    return Completions(words, _titles(user, typed))


def _words(user: Caller, before: str, prefix: str) -> list[str]:
    """Words that begin with `prefix`, in documents that hold what was typed before as well."""
    filters = filters_for(user, Query(""), SearchRequest(""))
    if not filters.collections:
        return []
    index = live_index().refresh()
    allowed = mask_of(filters, index)
    counted: dict[str, int] = {}
    for language in dict.fromkeys(map(language_code, filters.languages)):
        for word, count in _of_language(index, allowed, language, before, prefix):
            counted[word] = max(count, counted.get(word, 0))
    likeliest = sorted(counted, key=lambda word: (-counted[word], word))
    return [word for word in likeliest if word != prefix][:SHOWN]


def _of_language(
    index: BM25Index, allowed: Bools, language: str, before: str, prefix: str
) -> Iterator[tuple[str, int]]:
    """Words with the number of chunks, where the caller may look, that they stand in."""
    earlier = terms(before, language)
    if earlier:
        allowed = index.holding(earlier, within=allowed)
    vocabulary = index.vocabulary(language, allowed)
    for word in vocabulary.beginning(prefix, CONSIDERED):
        if word.isalnum() and (count := vocabulary.count(word)):
            yield word, count


def _titles(user: Caller, typed: str) -> list[Title]:
    words = re.findall(r"[^\W_]+", typed)
    query = SearchQuery(
        " & ".join(f"{word}:*" for word in words), search_type="raw", config="simple"
    )
    found = (
        Document.objects.visible_to(user)
        .alias(words=SearchVector("title", config="simple"))
        .filter(words=query, version__gt=0)
        .order_by(
            Case(When(title__istartswith=typed, then=Value(0)), default=Value(1)),
            Length("title"), "title", "pk",
        )
    )  # fmt: skip
    rows = found.select_related("collection").only("title", "collection__name")
    return [
        Title(str(row.pk), row.title, row.collection.name, row.get_absolute_url())
        for row in rows[:SHOWN]
    ]
