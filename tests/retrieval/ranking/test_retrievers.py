"""The retrievers one by one and together; and a third one, which the product does not know."""

import re
from collections.abc import Iterator, Mapping, Sequence

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.test import Client
from rest_framework.test import APIClient

from documents.errors import ModelUnavailable
from documents.models import Collection, Document, Passage
from retrieval.hits import Hit
from retrieval.query.context import SearchContext
from retrieval.query.filters import filters_for
from retrieval.query.parser import parse_query
from retrieval.query.request import SearchRequest
from retrieval.ranking import pipeline
from retrieval.ranking.retrievers import (
    RETRIEVERS,
    DenseRetriever,
    LexicalRetriever,
    Retriever,
    TopK,
    dense_share,
    retrieve,
    retrievers_of,
    score_union,
)
from retrieval.ranking.types import RankedScore, Ranking, RankingOptions
from tests.retrieval.conftest import Index
from tests.retrieval.rows import context

TEXTS = {1: "the spring tide", 2: "a tide", 3: "sourdough bread"}


class TitleRetriever:
    """Documents by how many words of their title the query has."""

    name = "title_words"
    weight = 0.25

    def search(self, context: SearchContext, k: int) -> TopK | None:
        scores = self._scores(context)
        hits = [Hit(p, s) for p, s in sorted(scores.items(), key=lambda item: (-item[1], item[0]))]
        return TopK(hits[:k], truncated=len(hits) > k)

    def score(self, context: SearchContext, ids: Sequence[int]) -> Mapping[int, float]:
        return {passage: s for passage, s in self._scores(context).items() if passage in ids}

    def _scores(self, context: SearchContext) -> dict[int, float]:
        asked = set(context.query.text.lower().split())
        rows = Passage.objects.filter(
            document__in=context.filters.queryset(), version=F("document__version")
        ).values_list("pk", "document__title")
        shared = {pk: len(asked & set(title.lower().split())) for pk, title in rows}
        return {pk: float(count) for pk, count in shared.items() if count}


@pytest.fixture
def third(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RETRIEVERS, TitleRetriever.name, TitleRetriever)


@pytest.fixture
def three(indexed: Index) -> dict[str, Document]:
    texts = {
        "Tides": "The spring tide follows the new moon, when sun and moon pull together.",
        "Moon": "A calendar of the year with all its phases.",
        "Bread": "A sourdough starter is fed with flour and water every day.",
    }
    return {title: indexed(title, text) for title, text in texts.items()}


def ranked(query: str, **options: object) -> Ranking:
    parsed = parse_query(query)
    filters = filters_for(AnonymousUser(), parsed, SearchRequest(query))
    return pipeline.rank(parsed, filters, RankingOptions(rerank=False, **options))  # type: ignore[arg-type]


def titles(ranking: Ranking) -> list[str]:
    return [Document.objects.get(pk=found.document_id).title for found in ranking.documents]


def test_words_bring_the_best_passages_that_hold_one_and_say_whether_there_are_more() -> None:
    top = LexicalRetriever().search(context("spring tide", texts=TEXTS), 1)

    assert top is not None
    assert ([hit.passage_id for hit in top.hits], top.truncated) == ([1], True)


def test_words_score_passages_as_their_own_search_does_and_leave_out_the_others() -> None:
    asked = context("spring tide", texts=TEXTS)
    top = LexicalRetriever().search(asked, 3)

    assert top is not None and not top.truncated
    assert LexicalRetriever().score(asked, [1, 2, 3]) == {h.passage_id: h.score for h in top.hits}


def test_a_query_without_words_is_none_for_the_words() -> None:
    assert LexicalRetriever().search(context("?!", texts=TEXTS), 3) is None


@pytest.mark.django_db
def test_meaning_scores_passages_as_its_own_search_does(three: object) -> None:
    asked = _context_of("baking loaves")
    top = DenseRetriever().search(asked, 3)

    assert top is not None
    assert len(top.hits) == 3 and not top.truncated
    scored = DenseRetriever().score(asked, [hit.passage_id for hit in top.hits])
    assert scored == {hit.passage_id: hit.score for hit in top.hits}


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["hybrid", "dense"])
def test_words_answer_where_the_model_is_away(
    mode: str, three: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(space: object) -> None:
        raise ModelUnavailable("model_not_fetched", model="a/b")

    expected = ranked("moon", mode="lexical")
    monkeypatch.setattr("retrieval.query.context.model_of_space", away)
    found = ranked("moon", mode=mode, weights=dense_share(1.0))

    assert found.documents == expected.documents
    assert "is not available" in str(found.warnings[0])


def scorer(called: str, own: dict[int, float], every: dict[int, float]) -> type[Retriever]:
    class Scorer:
        name = called
        weight = 1.0

        def search(self, context: SearchContext, k: int) -> TopK | None:
            return TopK([Hit(p, s) for p, s in own.items()][:k]) if own else None

        def score(self, context: SearchContext, ids: Sequence[int]) -> Mapping[int, float]:
            assert not set(ids) & set(own), "what it brought itself it has scored"
            return {passage: every[passage] for passage in ids if passage in every}

    return Scorer


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in reversed(list(RETRIEVERS)):  # so that they come back in their order
        monkeypatch.delitem(RETRIEVERS, name)
    monkeypatch.setitem(RETRIEVERS, "a", scorer("a", {1: 9.0, 2: 4.0}, {3: 0.5}))
    monkeypatch.setitem(RETRIEVERS, "b", scorer("b", {2: 0.8, 3: 0.6}, {}))
    monkeypatch.setitem(RETRIEVERS, LexicalRetriever.name, scorer(LexicalRetriever.name, {}, {}))
    yield


def test_every_retriever_scores_the_union_of_what_all_brought(two: None) -> None:
    asked = context("tide", texts=TEXTS)
    found = retrieve(asked, retrievers_of("hybrid"), 10)
    first, second = score_union(asked, found)

    assert dict(first.scores) == {1: 9.0, 2: 4.0, 3: 0.5}
    assert dict(second.scores) == {2: 0.8, 3: 0.6}
    assert (dict(first.ranks), dict(second.ranks)) == ({1: 1, 2: 2}, {2: 1, 3: 2})


def test_a_mode_asks_the_retriever_of_its_name_alone(two: None) -> None:
    asked = context("tide", texts=TEXTS)

    assert len(retrieve(asked, retrievers_of("hybrid"), 10)) == 2
    ((_, top),) = retrieve(asked, retrievers_of("b"), 10)
    assert [hit.passage_id for hit in top.hits] == [2, 3]
    assert {"a", "b"} <= set(asked.trace.took_ms)


@pytest.mark.django_db
def test_a_third_retriever_brings_candidates_and_scores_those_of_the_others(
    three: object, third: None
) -> None:
    # Of one candidate each, words and meaning bring “Tides”, and the titles bring “Moon”.
    found = ranked("spring tide and moon", candidates=1)
    tides, moon = (document.passages[0].scores for document in found.documents)

    assert titles(found) == ["Tides", "Moon"]
    assert titles(ranked("spring tide and moon", candidates=1, mode="lexical")) == ["Tides"]
    assert moon["title_words"] == RankedScore(1.0, 1)
    assert moon["lexical"].rank is moon["dense"].rank is None
    assert moon["lexical"].score > 0
    assert set(tides) == {"lexical", "dense"}
    assert "title_words" in found.took_ms


@pytest.mark.django_db
def test_a_third_retriever_counts_by_its_weight(three: object, third: None) -> None:
    query = "spring tide and moon"

    assert titles(ranked(query))[0] == "Tides"
    assert titles(ranked(query, weights={"title_words": 9.0}))[0] == "Moon"
    assert titles(ranked(query, mode="title_words")) == ["Moon"]


@pytest.mark.django_db
def test_a_third_retriever_finds_nothing_that_the_caller_may_not_see(
    indexed: Index, three: object, third: None
) -> None:
    secret = Collection.objects.create(name="Secret", slug="secret", visibility="restricted")
    indexed("Moon base", "Nobody knows.", into=secret)

    assert "Moon base" not in titles(ranked("moon base"))


@pytest.mark.django_db(transaction=True)
def test_the_api_and_the_page_tell_what_a_third_retriever_said(
    three: dict[str, Document], third: None
) -> None:
    asked = {"q": "moon", "rerank": "false", "explain": "true"}
    body = APIClient().get("/api/v1/search", asked).json()
    shown = [*body["results"], *body["related"]]
    why = {r["document"]["title"]: r["explanation"]["retrievers"] for r in shown}
    page = Client().get("/", {"q": "moon", "rerank": "false"}).content.decode()
    rows = re.findall(r'<th scope="row">(.+?)</th><td>(.+?)</td><td>(.+?)<', page)

    assert list(why["Moon"]) == ["lexical", "dense", "title_words"]
    assert why["Moon"]["title_words"] == {"score": 1.0, "rank": 1}
    assert list(why["Bread"]) == ["dense"]
    assert rows.count(("Title words", "1", "score 1")) == 1


def _context_of(query: str) -> SearchContext:
    from documents.embedding import active_space
    from retrieval.live_index.index import current_index

    parsed = parse_query(query)
    filters = filters_for(AnonymousUser(), parsed, SearchRequest(query))
    return SearchContext.of(parsed, filters, current_index(), active_space())
