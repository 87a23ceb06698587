"""What a search asks of the database: few statements, and all of them of one embedding space."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from documents.models import Collection, Document, EmbeddingSpace, PassageEmbedding
from retrieval.curation import pin_document, save_synonyms
from retrieval.query.filters import filters_for
from retrieval.query.parser import parse_query
from retrieval.query.request import SearchRequest
from retrieval.ranking import match_all
from retrieval.ranking.pipeline import rank, rank_and_collect
from retrieval.ranking.retrievers import RETRIEVERS
from retrieval.ranking.types import Ranking, RankingOptions
from retrieval.rerankers.budget import clear_score_cache
from retrieval.search.service import search_documents
from tests.retrieval.conftest import Index
from tests.retrieval.live_index.conftest import followed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.volume]

CONTROL = ("BEGIN", "SAVEPOINT", "RELEASE", "SET LOCAL", "COMMIT", "ROLLBACK")
MOST = 12


@pytest.fixture
def handbook(indexed: Index, collection: Collection, settings: Settings) -> None:
    """Words and meaning bring other passages, and the collection has a facet of its own and counts
    age."""
    collection.facet_fields = ["author"]
    collection.recency_half_life = 30
    collection.save()
    settings.RETRIEVER_TOP_K = 2
    settings.EXACT_KNN_MAX_PASSAGES = 0  # so that an index of the vectors is asked for
    for n in range(3):
        indexed(f"Tides {n}", f"The spring tide of day {n}.", metadata={"author": "Ada"})
        indexed(f"Bread {n}", f"A starter for day {n}: spring water and flour.", type="md")


def statements(request: SearchRequest) -> Sequence[str]:
    """What the service asks for a first page, transaction control apart."""
    with followed():
        search_documents(AnonymousUser(), request)  # loads the models
        with CaptureQueriesContext(connection) as captured:
            assert search_documents(AnonymousUser(), request).total
    return [each["sql"] for each in captured if not each["sql"].startswith(CONTROL)]


@pytest.mark.parametrize("rerank", [False, True])
@pytest.mark.parametrize("filters", [{}, {"type": ("txt",)}])
def test_a_first_page_asks_the_database_at_most_twelve_times(
    handbook: None, rerank: bool, filters: dict[str, tuple[str, ...]]
) -> None:
    asked = statements(SearchRequest("spring tide", rerank=rerank, filters=filters))

    assert len(asked) <= MOST, "\n".join(asked)
    assert sum("documents_embeddingspace" in sql for sql in asked) == 1


@pytest.mark.parametrize("query", ["spring tide", "type:txt"])
def test_a_page_beyond_the_window_asks_no_oftener(
    handbook: None, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(match_all, "WINDOW", 2)
    asked = SearchRequest(query, mode="lexical", rerank=False, page=2, page_size=2)

    assert search_documents(AnonymousUser(), asked).total == (6 if query == "spring tide" else 3)
    assert len(statements(asked)) <= MOST
    kept = search_documents(AnonymousUser(), asked)
    assert len(kept.results) == (2 if query == "spring tide" else 1)
    assert len(statements(replace(asked, search_id=kept.search_id))) <= MOST


@pytest.mark.parametrize("filters", [{}, {"type": ("txt",)}])
def test_synonyms_and_pins_take_no_statement_of_their_own(
    handbook: None, collection: Collection, filters: dict[str, tuple[str, ...]]
) -> None:
    request = SearchRequest("spring tide", filters=filters)
    before = len(statements(request))
    save_synonyms(None, "tide, ebb, water", None)
    save_synonyms(collection, "spring => starter, flour", None)
    for title in ("Tides 2", "Bread 1"):
        pin_document(Document.objects.get(title=title), request.query, None)

    assert len(statements(request)) == before <= MOST


@pytest.mark.parametrize("query", ["spring tide", "type:md"])
@pytest.mark.parametrize("chosen", ["txt", "md", "pdf"])  # of the last there is none
def test_facets_count_what_a_search_without_the_filters_finds(
    handbook: None, query: str, chosen: str
) -> None:
    parsed, options = parse_query(query), RankingOptions(candidates=2, rerank=False)
    everywhere = filters_for(AnonymousUser(), parsed, SearchRequest(query))
    request = SearchRequest(query, filters={"type": (chosen,)})
    inside = filters_for(AnonymousUser(), parsed, request)
    ranking, base = rank_and_collect(parsed, inside, everywhere, options)
    expected = rank(parsed, everywhere, options)

    assert ranking.documents == rank(parsed, inside, options).documents
    assert base == expected.matched and base.packed


class Switching:
    """Brings nothing; another space becomes live while it looks."""

    name = "switching"
    weight = 0.0

    def search(self, context: object, k: int) -> None:
        EmbeddingSpace.objects.filter(is_active=True).update(is_active=False)
        EmbeddingSpace.objects.filter(model="another/model").update(is_active=True)

    def score(self, context: object, ids: object) -> dict[int, float]:
        return {}


def ranked() -> Ranking:
    query = parse_query("spring tide")
    filters = filters_for(AnonymousUser(), query, SearchRequest(query.text))
    clear_score_cache()
    return rank(query, filters, RankingOptions(candidates=2))


@pytest.mark.parametrize("at", [0, 1, 2], ids=["before words", "before meaning", "before scoring"])
def test_a_search_keeps_to_its_space_while_another_becomes_live(
    handbook: None, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    expected = ranked()
    live = EmbeddingSpace.objects.get()
    other = EmbeddingSpace.objects.create(
        model="another/model", revision="2", pooling="mean", dimensions=live.dimensions
    )
    PassageEmbedding.objects.bulk_create(
        PassageEmbedding(
            passage_id=row.passage_id, space=other, embedding=[-x for x in row.embedding]
        )
        for row in PassageEmbedding.objects.all()
    )
    own = list(RETRIEVERS.items())
    for name, _ in reversed(own):  # so that they come back in their order
        monkeypatch.delitem(RETRIEVERS, name)
    for name, retriever in [*own[:at], (Switching.name, Switching), *own[at:]]:
        monkeypatch.setitem(RETRIEVERS, name, retriever)
    found = ranked()

    assert EmbeddingSpace.objects.get(is_active=True) == other
    assert expected.reranked and found.reranked
    assert found.documents == expected.documents
    assert not found.warnings
