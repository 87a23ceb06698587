"""Autocomplete: titles, words and phrases that continue what the caller has typed.

Everything comes from documents that the caller may see: titles from an index of their words in
PostgreSQL, words from the lexical index under the caller's mask, and phrases from the passages
that this index finds for the words.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Case, F, Value, When
from django.db.models.functions import Length

from documents.models import Document, Passage
from documents.models.permissions import Caller
from retrieval.analysis import analyzed_terms, fold, language_code, stop_words_of
from retrieval.lexical import Vocabulary
from retrieval.live_index import current_index
from retrieval.query import Filters, ParsedQuery, SearchRequest, filters_for
from retrieval.suggest.continuations import WORD, continuations

LEAST = 2  # letters of a word, before which everything would fit
MAX_COMPLETION_INPUT = 200
SAMPLE = 48  # passages that phrases are taken from
SHOWN = 5
WORDS_FIRST = 3


@dataclass(frozen=True)
class TitleCompletion:
    """A document whose title has the words."""

    id: str
    title: str
    collection: str
    url: str


@dataclass(frozen=True)
class Completions:
    """Complete queries that start with the typed text, and documents by title, likeliest first."""

    queries: list[str]
    titles: list[TitleCompletion]


def autocomplete(user: Caller, typed: str) -> Completions:
    """Up to SHOWN completions of each kind. A first word is completed from LEAST letters on; after
    a space, whole words continue the text."""
    text = " ".join(typed.replace("\0", " ").split())
    last = re.search(r"[^\W_]+$", text)
    if last is None or len(text) > MAX_COMPLETION_INPUT:
        return Completions([], [])
    before, prefix = text[: last.start()], fold(last.group())
    if typed[-1].isspace():
        before, prefix = f"{text} ", ""
    if not before and len(prefix) < LEAST:
        return Completions([], [])
    filters = filters_for(user, ParsedQuery(""), SearchRequest(""))
    if not filters.collections:
        return Completions([], [])
    found = [query for query in _queries(filters, before, prefix) if query != text]
    return Completions(found[:SHOWN], _titles(filters, text))


def _queries(filters: Filters, before: str, prefix: str) -> list[str]:
    """For a first word, the likeliest words and then phrases that begin with them; for further
    words, phrases that occur as typed and then words from the same documents."""
    index = current_index()
    allowed, visible = index.mask(filters.index_columns), index.visible(filters.visible_columns)
    counted: Counter[str] = Counter()
    texts: list[str] = []
    for language in dict.fromkeys(map(language_code, filters.languages)):
        earlier = analyzed_terms(before, language)
        inside = index.holding(earlier, within=allowed) if earlier else allowed
        here = _words(index.vocabulary(language, inside), prefix)
        counted |= here
        likely = [prefix, *(word for word, _ in here.most_common(SHOWN))]
        wanted = [*earlier, *(term for word in likely for term in analyzed_terms(word, language))]
        hits = index.search(wanted, SAMPLE, inside, visible).hits if wanted else []
        texts += _texts([hit.passage_id for hit in hits], filters)
    words = [word for word in sorted(counted, key=lambda w: (-counted[w], w)) if word != prefix]
    phrases = continuations(texts, re.findall(WORD, fold(before)), prefix, _stop_words(filters))
    if not before:
        return list(dict.fromkeys([*words[:WORDS_FIRST], *phrases, *words]))
    return [before + each for each in dict.fromkeys([*phrases, *words])]


def _words(vocabulary: Vocabulary, prefix: str) -> Counter[str]:
    """Words with the number of allowed passages that have them."""
    if len(prefix) < LEAST:
        return Counter()
    counted = vocabulary.beginning(prefix)
    return Counter({word: count for word, count in counted.items() if word.isalnum()})


def _texts(passage_ids: Sequence[int], filters: Filters) -> list[str]:
    """Title, headings and text of those passages that the caller may see now."""
    rows = Passage.objects.filter(
        pk__in=passage_ids,
        version=F("document__version"),
        document__collection__in=filters.collections,
        document__deleted_at=None,
    ).values_list("document__title", "headings", "text")
    return ["\n\n".join([title, *headings, text]) for title, headings, text in rows]


def _stop_words(filters: Filters) -> frozenset[str]:
    return frozenset().union(*(stop_words_of(language_code(tag)) for tag in filters.languages))


def _titles(filters: Filters, typed: str) -> list[TitleCompletion]:
    words = re.findall(r"[^\W_]+", typed)
    query = SearchQuery(
        " & ".join(f"{word}:*" for word in words), search_type="raw", config="simple"
    )
    found = (
        Document.objects.published()
        .filter(collection__in=filters.collections)
        .alias(words=SearchVector("title", config="simple"))
        .filter(words=query)
        .order_by(
            Case(When(title__istartswith=typed, then=Value(0)), default=Value(1)),
            Length("title"), "title", "pk",
        )
    )  # fmt: skip
    rows = found.select_related("collection").only("title", "collection__name")
    return [
        TitleCompletion(str(row.pk), row.title, row.collection.name, row.get_absolute_url())
        for row in rows[:SHOWN]
    ]
