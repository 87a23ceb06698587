"""Totals, facets and pages of searches with more matches than the fused window holds."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from django.contrib.auth.models import AnonymousUser, User
from pytest_django import Settings

from documents.library import trash
from documents.models import Collection, Document
from retrieval.query.request import SearchRequest
from retrieval.ranking import match_all, matches
from retrieval.search.page import SearchResponse, SearchResult
from retrieval.search.service import search_documents
from tests.retrieval.conftest import Index

pytestmark = [pytest.mark.django_db, pytest.mark.volume]
ANYONE = AnonymousUser()
WORDS = ["harbour", "lantern", "bread", "granite", "tide", "violin"]
TYPES = ["pdf", "txt", "md"]


@pytest.fixture
def many(indexed: Index, settings: Settings) -> dict[str, Document]:
    """Documents of two or three words each, by their texts; a retriever brings five of them."""
    settings.RETRIEVER_TOP_K = 5
    numbers = random.Random(7)
    other = Collection.objects.create(name="Yard", slug="yard", visibility="public")
    found = {}
    for n in range(36):
        text = " ".join(numbers.sample(WORDS, 1 + n % 3)) + f" {n}."
        found[text] = indexed(
            f"No. {n}", text, into=other if n % 4 == 0 else None,
            type=TYPES[n % 3], language="de" if n % 5 == 0 else "en",
        )  # fmt: skip
    return found


def counts(page: SearchResponse, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in page.facets[facet]}


def every_page(request: SearchRequest) -> Iterator[SearchResponse]:
    page = search_documents(ANYONE, request)
    yield page
    while page.page * page.page_size < page.total:
        asked = replace(request, page=page.page + 1, search_id=page.search_id)
        page = search_documents(ANYONE, asked)
        yield page


def shown(request: SearchRequest) -> list[SearchResult]:
    return [result for page in every_page(request) for result in page.results]


@pytest.mark.parametrize("mode", ["lexical", "hybrid"])
def test_total_pages_and_facets_are_those_of_a_naive_count(
    many: dict[str, Document], mode: str
) -> None:
    queries = [{word} for word in WORDS] + [set(pair) for pair in combinations(WORDS, 2)]
    for words in random.Random(mode).sample(queries, 4):
        having = [doc for text, doc in many.items() if words & set(text[:-1].split())]
        for types in ([], ["pdf"], ["pdf", "md"]):
            asked = SearchRequest(
                " ".join(words), mode=mode, rerank=False, page_size=25,
                filters={"type": tuple(types)},
            )  # fmt: skip
            check(asked, having, [doc for doc in having if not types or doc.type in types])


def check(asked: SearchRequest, having: list[Document], expected: list[Document]) -> None:
    """The search finds what is expected, and what has the words without the types asked for."""
    first = search_documents(ANYONE, asked)
    ids = [result.document.id for result in shown(asked)]

    assert (first.total, first.total_relation) == (len(expected), "eq")
    assert (sorted(ids), len(set(ids))) == (sorted(str(doc.pk) for doc in expected), len(ids))
    assert counts(first, "type") == Counter(doc.type for doc in having)
    assert counts(first, "language") == Counter(doc.language for doc in expected)
    for facet in ("collection", "language", "year"):
        assert sum(counts(first, facet).values()) == first.total
    assert first.facets_relation == "eq"


def test_pages_beyond_the_window_follow_in_the_order_of_words(
    many: dict[str, Document], settings: Settings
) -> None:
    asked = SearchRequest("harbour tide", rerank=False, page_size=10, explain=True)
    found = shown(asked)
    settings.RETRIEVER_TOP_K = 100
    whole = shown(replace(asked, mode="lexical"))
    window = 5 + 5

    by_words = [result.document.id for result in whole]
    behind = [result.document.id for result in found[window:]]
    assert len(found) == len(whole) > 2 * window
    assert behind == [each for each in by_words if each in behind]
    scores = [result.score for result in found]
    assert scores == sorted(scores, reverse=True)
    assert all(result.passages[0].highlights for result in found)
    why = found[-1].explanation
    assert why is not None and why.retrievers["lexical"].rank is None
    assert (why.fused.rank, len(why.terms)) == (len(found), 1)


def test_choosing_a_value_leaves_as_many_as_it_said(many: dict[str, Document]) -> None:
    asked = SearchRequest("harbour lantern", rerank=False, page_size=7)
    page = search_documents(ANYONE, asked)
    for facet in ("type", "collection", "language"):
        for value in page.facets[facet]:
            narrowed = replace(asked, filters={facet: (value.value,)})
            assert len(shown(narrowed)) == value.count
            assert len(shown(replace(narrowed, search_id=page.search_id))) == value.count


def test_the_best_by_meaning_count_too_and_what_is_below_the_floor_is_only_related(
    indexed: Index, settings: Settings
) -> None:
    """Near by their function words for an encoder that hashes words, by docks for a model;
    for BM25, function words find nothing."""
    settings.RETRIEVER_TOP_K = 3
    port = indexed("Port", "what is in the harbour of it")  # by words, and among the three nearest
    for n in range(4):
        indexed(f"Near {n}", "what is there to be in the docks of it")
    indexed("Far", "A violin.")
    asked = SearchRequest("what is there to be in the harbour of it", rerank=False)
    words = search_documents(ANYONE, replace(asked, mode="lexical"))
    both, meaning = (
        search_documents(ANYONE, asked),
        search_documents(ANYONE, replace(asked, mode="dense")),
    )

    assert [result.document.id for result in words.results] == [str(port.pk)]
    assert (both.total, meaning.total, both.total_relation) == (3, 3, "eq")
    assert sum(counts(both, "type").values()) == len(both.results) == 3
    far = search_documents(ANYONE, replace(asked, query="violin harbour", page_size=1))
    assert (far.total, far.related) == (2, [])
    last = search_documents(ANYONE, replace(asked, query="violin harbour"))
    assert {result.document.title[:4] for result in last.related} == {"Near"}


def test_what_meaning_alone_brings_counts_by_its_words_too(indexed: Index) -> None:
    indexed("Long", "The harbour, and of many other things that are told of far away. " * 3)
    indexed("Far", "A violin.")
    page = search_documents(ANYONE, SearchRequest("harbour lantern", mode="dense"))

    assert [(r.document.title, r.relevance) for r in page.results] == [("Long", "weak")]
    assert [r.document.title for r in page.related] == ["Far"]


def test_more_than_the_limit_is_at_least_the_limit(
    many: dict[str, Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matches, "MOST_MATCHES", 12)
    asked = SearchRequest("harbour tide", mode="lexical", rerank=False, page_size=5)
    pages = list(every_page(asked))

    assert {(page.total, page.total_relation) for page in pages} == {(12, "gte")}
    assert pages[0].facets_relation == "gte"
    assert [len(page.results) for page in pages] == [5, 5, 2]


def test_a_list_without_words_is_counted_and_paged_to_its_end(
    many: dict[str, Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(match_all, "WINDOW", 3)
    asked = SearchRequest("type:pdf", page_size=6)
    found = shown(asked)

    newest = Document.objects.filter(type="pdf").order_by("-created_at", "pk")
    assert [result.document.id for result in found] == [str(doc.pk) for doc in newest]
    page = search_documents(ANYONE, asked)
    assert (page.total, page.total_relation, counts(page, "type")) == (12, "eq", {"pdf": 12})


def test_hidden_documents_change_no_count_page_or_order(
    many: dict[str, Document], indexed: Index
) -> None:
    asked = [
        SearchRequest(query, mode=mode, rerank=False, page_size=7)
        for query in ("harbour tide", "when does the granite violin meet the tide")
        for mode in ("lexical", "hybrid", "dense")
    ]

    def seen() -> list[object]:
        return [
            (
                page.total, page.total_relation, page.facets, page.facets_relation,
                [(result.document.id, result.score) for result in page.results],
                [result.document.id for result in page.related],
            )
            for request in asked
            for page in every_page(request)
        ]  # fmt: skip

    before = seen()
    vault = Collection.objects.create(name="Vault", slug="vault", visibility="restricted")
    for n in range(20):
        indexed(f"Secret {n}", f"harbour tide granite violin {n}.", into=vault, type="html")

    assert seen() == before
    assert search_documents(User.objects.create_superuser("root"), asked[0]).total > 20


def test_what_was_hidden_or_deleted_meanwhile_leaves_every_page(
    many: dict[str, Document],
) -> None:
    asked = SearchRequest("harbour tide", rerank=False, page_size=7)
    page = search_documents(ANYONE, asked)
    gone = Document.objects.get(pk=shown(asked)[-1].document.id)
    left = Counter(r.document.collection for r in shown(asked) if r.document.id != str(gone.pk))
    trash.purge_documents([gone])
    again = search_documents(ANYONE, replace(asked, search_id=page.search_id))
    assert (again.total, counts(again, "collection")) == (page.total - 1, left)

    Collection.objects.filter(slug="yard").update(visibility="restricted")
    later = replace(asked, search_id=page.search_id)
    assert {result.document.collection for result in shown(later)} == {"handbook"}
    assert search_documents(ANYONE, later).total == left["handbook"]
