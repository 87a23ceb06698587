"""Age takes its share of the fused score where a collection says so."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from documents.models import Collection, Document
from documents.models.ranking_settings import Recency
from retrieval.hits import Hit
from retrieval.query.parser import parse_query
from retrieval.query.request import SearchRequest
from retrieval.ranking.document_groups import group_by_document
from retrieval.ranking.passage_owners import PassageOwner
from retrieval.ranking.recency import aged
from retrieval.ranking.types import DocumentScore, PassageScore
from retrieval.search.page import Explanation, SearchResult
from retrieval.search.service import search_documents
from tests.retrieval.conftest import Index
from tests.retrieval.rows import context, passages

pytestmark = [pytest.mark.django_db, pytest.mark.volume]

MONTH = Recency(half_life=30, floor=0.5)


def days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def scored(name: str, fused: float) -> DocumentScore:
    return DocumentScore(name, 0.0, fused, 0, (PassageScore(1, fused),))


def test_a_score_keeps_the_share_that_the_age_leaves() -> None:
    documents = [scored("old", 0.8), scored("new", 0.6), scored("coming", 0.4)]
    owners = [
        PassageOwner("old", days_ago(30), MONTH),
        PassageOwner("new", days_ago(0), MONTH),
        PassageOwner("coming", days_ago(-9), MONTH),
    ]

    found = aged(documents, owners, None)

    assert [d.fused for d in found] == pytest.approx([0.8 * 0.75, 0.6, 0.4])
    assert [(d.age_days, d.recency_factor) for d in found] == [(30, 0.75), (0, 1.0), (0, 1.0)]


def test_where_age_does_not_count_a_document_keeps_its_score_as_a_new_one_does() -> None:
    documents = [scored("timeless", 0.8), scored("new", 0.8), scored("old", 0.9)]
    owners = [
        PassageOwner("timeless", days_ago(9999)),
        PassageOwner("new", days_ago(0), MONTH),
        PassageOwner("old", days_ago(9999), MONTH),
    ]

    found = aged(documents, owners, None)

    assert [d.fused for d in found] == pytest.approx([0.8, 0.8, 0.45])
    assert (found[0].age_days, found[0].recency_factor) == (None, None)
    everywhere = aged(documents, owners, Recency(half_life=1, floor=0.25))
    assert everywhere[0].fused == pytest.approx(0.2)


def test_nothing_gains_by_its_age_where_scores_are_negative() -> None:
    documents = [scored("old", 0.5), scored("older", -0.5), scored("oldest", -1.0)]
    owners = [PassageOwner(d.document_id, days_ago(30), MONTH) for d in documents]

    found = aged(documents, owners, None)

    assert [d.fused for d in found] == pytest.approx([-1 + 1.5 * 0.75, -1 + 0.5 * 0.75, -1.0])


def test_identifiers_stay_above_newer_documents_without() -> None:
    shelf = Collection.objects.create(
        name="Shelf", slug="shelf", visibility="public", recency_half_life=1, recency_floor=0.0
    )
    (plain,), (exact,) = passages(shelf, "Plain", "x"), passages(shelf, "Exact", "y")
    Document.objects.filter(title="Exact").update(content_date=days_ago(1000))
    texts = {plain: "a pump", exact: "ERR_4711"}
    hits = [Hit(plain, 1.0), Hit(exact, 0.9)]

    first, second = group_by_document(hits, [], context("ERR_4711", shelf, texts=texts))

    assert (first.exact_matches, second.exact_matches) == (1, 0)
    assert first.score > second.score == pytest.approx(1.0)


def search(query: str, **options: object) -> list[SearchResult]:
    request = SearchRequest(query, **{"rerank": False, "explain": True, **options})  # type: ignore[arg-type]
    return search_documents(AnonymousUser(), request).results


def titles(query: str, **options: object) -> list[str]:
    return [result.document.title for result in search(query, **options)]


def told(result: SearchResult) -> Explanation:
    assert result.explanation
    return result.explanation


@pytest.fixture
def reports(collection: Collection, indexed: Index) -> None:
    for number in range(6):
        indexed(f"Bread {number}", "Flour, water and salt.")
    indexed("Harbour report", "Harbour dredging, harbour dredging.", content_date=days_ago(4000))
    indexed(
        "Pier report",
        "A harbour needs dredging now and then, says the board of the pier.",
        content_date=days_ago(2),
    )


@pytest.mark.parametrize("mode", ["lexical", "hybrid", "dense"])
@pytest.mark.parametrize("rerank", [False, True])
def test_a_collection_puts_newer_documents_first_in_every_mode(
    collection: Collection, reports: None, mode: str, rerank: bool
) -> None:
    before = search("dredging harbour", mode=mode, rerank=rerank)[:2]
    assert [told(result).age for result in before] == [None, None]
    assert before[0].document.title == "Harbour report"

    Collection.objects.filter(pk=collection.pk).update(recency_half_life=90, recency_floor=0.1)

    after = search("dredging harbour", mode=mode, rerank=rerank)[:2]
    assert [result.document.title for result in after] == ["Pier report", "Harbour report"]
    newer, older = (told(result).age for result in after)
    assert newer and older
    assert (newer.days, older.days) == (2, 4000)
    assert newer.factor == pytest.approx(0.1 + 0.9 * 2 ** (-2 / 90), abs=1e-4)
    assert older.factor == 0.1
    assert {result.relevance for result in after} == {result.relevance for result in before}


def test_a_title_that_is_the_query_stays_first(collection: Collection, reports: None) -> None:
    Collection.objects.filter(pk=collection.pk).update(recency_half_life=1, recency_floor=0.0)
    assert titles("harbour report")[0] == "Harbour report"
    assert titles(parse_query("harbour report").text, mode="lexical")[0] == "Harbour report"


def test_age_brings_no_document_and_hides_none(collection: Collection, reports: None) -> None:
    Collection.objects.filter(pk=collection.pk).update(recency_half_life=1, recency_floor=0.0)
    assert sorted(titles("dredging", mode="lexical")) == ["Harbour report", "Pier report"]
