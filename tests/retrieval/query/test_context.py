"""The mask of a search for any query, filter and number of documents."""

import re

import numpy as np
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from documents.metadata import has_value
from documents.models import Collection, Document
from retrieval.lexical.postings import document_key
from retrieval.live_index.index import current_index, live_index
from retrieval.query import context
from retrieval.query.context import SearchContext
from retrieval.query.document_lookup import keys_of
from retrieval.query.filters import filters_for
from retrieval.query.parser import parse_query
from retrieval.query.request import SearchRequest
from retrieval.query.restriction import Restriction
from retrieval.ranking import pipeline
from retrieval.ranking.types import Ranking, RankingOptions
from retrieval.search.service import search_documents
from tests.retrieval.conftest import Index

pytestmark = pytest.mark.django_db

ANYONE = AnonymousUser()
NEW_MOON = "The new moon pulls the tide."
SCATTERED = "The moon is new to nobody who knows the tide."
UUID_TEXT = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")


def scope_of(query: str, **filters: tuple[str, ...]) -> SearchContext:
    parsed, request = parse_query(query), SearchRequest(query, filters=filters)
    return SearchContext.of(parsed, filters_for(ANYONE, parsed, request), current_index())


def titles_in(found: SearchContext) -> set[str]:
    passages = found.index.passage_ids(found.allowed).tolist()
    return set(Document.objects.filter(passages__in=passages).values_list("title", flat=True))


def ranked(query: str, mode: str = "hybrid") -> Ranking:
    parsed = parse_query(query)
    filters = filters_for(ANYONE, parsed, SearchRequest(query))
    return pipeline.rank(parsed, filters, RankingOptions(mode=mode, rerank=False))


def titles(ranking: Ranking) -> set[str]:
    ids = [document.document_id for document in ranking.documents]
    return set(Document.objects.filter(pk__in=ids).values_list("title", flat=True))


@pytest.fixture
def reports(indexed: Index) -> None:
    """Eight reports, numbers 0 to 7; the even ones are drafts."""
    for n in range(8):
        draft = "" if n % 2 else " It is a draft."
        indexed(f"Report {n}", f"The harbour in year {n}.{draft}", metadata={"n": n % 4})


def test_columns_alone_are_left_to_columns(reports: None) -> None:
    found = scope_of("harbour", type=("txt",))
    assert found.passing == 8
    assert (found.restriction.ids, found.restriction.admits) == (None, None)
    assert scope_of("harbour", type=("pdf",)).passing == 0


def test_titles_metadata_and_exclusions_narrow_one_mask(reports: None) -> None:
    assert titles_in(scope_of("harbour title:3")) == {"Report 3"}
    assert titles_in(scope_of("harbour", **{"metadata.n": ("1", "2")})) == {
        "Report 1", "Report 2", "Report 5", "Report 6",
    }  # fmt: skip
    narrowed = scope_of("harbour title:report -draft", **{"metadata.n": ("1", "2")})
    assert titles_in(narrowed) == {"Report 1", "Report 5"}
    assert narrowed.restriction.ids == narrowed.index.passage_ids(narrowed.allowed).tolist()


def test_words_tell_as_much_as_they_do_in_what_the_caller_may_see(indexed: Index) -> None:
    vault = Collection.objects.create(name="Vault", slug="vault", visibility="restricted")
    for n in range(4):
        indexed(f"Day {n}", f"The tide of day {n}." + " The moon." * (n < 2))
    words = ["tide", "moon", "smuggler", "the"]
    before = scope_of("tide").weigh(words)
    for n in range(9):
        indexed(f"Night {n}", f"The moon and smuggler {n}.", into=vault)
    assert scope_of("tide").weigh(words) == before


def test_a_document_looked_for_the_like_of_is_taken_out(reports: None) -> None:
    one = Document.objects.get(title="Report 1")
    assert "Report 1" not in titles_in(scope_of(f"like:{one.pk}"))


@pytest.mark.parametrize("mode", ["lexical", "dense", "hybrid"])
@pytest.mark.parametrize("most_ids", [0, 10_000])
def test_few_passages_are_named_and_many_are_admitted_with_the_same_result(
    mode: str, most_ids: int, reports: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "MOST_IDS", most_ids)
    assert (scope_of("harbour -draft").restriction.ids is None) == (most_ids == 0)
    odd = {f"Report {n}" for n in (1, 3, 5, 7)}
    assert titles(ranked("harbour -draft", mode)) == odd
    assert titles(ranked('harbour -"a draft" title:report', mode)) == odd
    assert titles(ranked("harbour -drafts title:5", mode)) == {"Report 5"}
    assert titles(ranked("title:report -draft", mode)) == odd
    assert titles(ranked("harbour -draft title:4", mode)) == set()


def test_rows_are_fetched_until_enough_are_admitted() -> None:
    asked: list[int] = []

    def fetch(n: int) -> list[int]:
        asked.append(n)
        return list(range(100))[:n]

    restriction = Restriction(
        filters=filters_for(ANYONE, parse_query("x"), SearchRequest("x")),
        admits=lambda ids: np.array([passage >= 30 for passage in ids], bool),
        candidates=100,
        passing=70,
    )
    assert restriction.first(3, fetch, lambda row: row) == [30, 31, 32]
    assert asked == [6, 24, 96]  # 1.3 x 3 x 100 / 70 and one, then four times as many
    assert restriction.first(90, fetch, lambda row: row) == list(range(30, 100))


def test_a_lookup_is_as_much_work_for_the_web_process_whatever_it_finds(indexed: Index) -> None:
    """A lookup once became a set of UUIDs, as texts, of all documents."""

    def statements(query: str) -> list[str]:
        parsed = parse_query(query)
        filters = filters_for(ANYONE, parsed, SearchRequest(query))
        index = current_index()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            found = SearchContext.of(parsed, filters, index)
        assert found.passing == Document.objects.count()
        return [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]

    indexed("Tide", "The moon pulls the tide.")
    few = statements("after:2000 report")
    for n in range(12):
        indexed(f"Report {n}", f"The tide of day {n}.")
    many = statements("after:2000 report")
    assert few == many
    lookups = [sql for sql in many if not sql.startswith("SET LOCAL")]
    assert len(lookups) == 1 and "string_agg" in lookups[0]


@pytest.mark.parametrize(
    "typed",
    ["harbour -draft", 'harbour -"a draft"', '"harbour in year" -draft', "title:report -draft"],
)
def test_words_phrases_and_titles_ask_the_index_alone(typed: str, reports: None) -> None:
    query = parse_query(typed)
    filters = filters_for(ANYONE, query, SearchRequest(""))
    index = current_index()
    with CaptureQueriesContext(connection) as captured:
        assert SearchContext.of(query, filters, index).passing == 4
    assert not captured.captured_queries


def test_no_statement_of_a_search_names_more_documents_than_are_candidates(
    reports: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "MOST_IDS", 3)
    settings.RETRIEVER_TOP_K = 2
    live_index().refresh()
    with CaptureQueriesContext(connection) as captured:
        page = search_documents(
            ANYONE, SearchRequest('harbour title:report -"a draft"', rerank=False)
        )
    odd = {f"Report {n}" for n in (1, 3, 5, 7)}
    assert 2 <= page.total <= 4 and {one.document.title for one in page.results} <= odd
    named = [len(UUID_TEXT.findall(query["sql"])) for query in captured]
    assert max(named) <= 4  # two candidates of each retriever


def test_a_phrase_is_exact_and_says_nothing(indexed: Index) -> None:
    indexed("Phrase", NEW_MOON)
    indexed("Scattered", SCATTERED)
    found, left = ranked('"new moon"', "lexical"), ranked('tide -"new moon"', "lexical")
    assert (titles(found), found.truncated, found.warnings) == ({"Phrase"}, False, ())
    assert (titles(left), left.truncated, left.warnings) == ({"Scattered"}, False, ())


def test_documents_come_back_as_keys(collection: Collection) -> None:
    documents = [
        Document.objects.create(collection=collection, external_id=str(n)) for n in range(3)
    ]
    found = keys_of(Document.objects.all())
    assert sorted(found.tolist()) == sorted(document_key(str(each.pk)) for each in documents)
    assert keys_of(Document.objects.filter(external_id="none")).tolist() == []


def test_metadata_is_looked_up_by_an_index(collection: Collection) -> None:
    Document.objects.create(collection=collection, external_id="one", metadata={"author": "Ada"})
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Document.objects.filter(has_value("author", "Ada")).order_by().explain()
    assert "documents_metadata_values" in plan
