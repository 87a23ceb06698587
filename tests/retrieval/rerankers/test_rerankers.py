"""The third stage, each kind of it for real, over documents that the product indexed."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from documents.inference.session import core_count
from documents.messages import Message
from documents.models import PassageEmbedding
from retrieval.query.filters import filters_for
from retrieval.query.parser import ParsedQuery, parse_query
from retrieval.query.request import SearchRequest
from retrieval.ranking import pipeline, rerank_stage
from retrieval.ranking.rerank_stage import OUT_OF_TIME
from retrieval.ranking.retrievers import TOO_LONG
from retrieval.ranking.types import Ranking, RankingOptions
from retrieval.rerankers import (
    budget,
    load_reranker,
    registry,
    reranker_state,
    score_within_budget,
    token_vectors,
)
from retrieval.rerankers.registry import (
    CrossEncoderReranker,
    LateInteractionReranker,
    trained_reranker_folder,
)
from retrieval.search import service
from tests import tiny_models
from tests.retrieval.conftest import Index

pytestmark = pytest.mark.volume

PAGES = {
    "Tides": "The spring tide follows the new moon, when sun and moon pull together.",
    "Bread": "A sourdough starter is fed with flour and water every day.",
    "Bikes": "Clean the chain of the bicycle, then oil every link of it.",
    "Cars": "The automobile needs its brake fluid changed every second year.",
    "搜索": "搜索引擎把文档切成段落并建立索引。",
    "بحث": "بحث دلالي في الوثائق والكتب.",
}
QUERIES = {
    "plain": "when is the tide highest?",
    "long": "how do I clean and oil the chain of my bicycle " * 120,
    "chinese": "文档索引",
    "arabic": "بحث في الكتب",
    "punctuation": "?!",
    "empty": "",
}


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tiny_models.cross_encoder(tmp_path_factory.mktemp("models") / "cross"))


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Neither kept scores nor loaded rerankers of another test."""
    budget.clear_score_cache()
    monkeypatch.setattr(registry, "_loaded", {})
    yield
    budget.clear_score_cache()


UNREAD = ("chinese", "arabic")  # scripts that the embedding model does not read


@pytest.fixture
def six(indexed: Index) -> None:
    for title, text in PAGES.items():
        indexed(title, text)


def ranked(query: str, **options: Any) -> Ranking:
    parsed = ParsedQuery(text=query)
    filters = filters_for(AnonymousUser(), parsed, SearchRequest(query))
    return pipeline.rank(parsed, filters, RankingOptions(**options))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["late-interaction", "none"])
@pytest.mark.parametrize("query", QUERIES)
def test_any_query_passes_through_every_kind_and_no_document_is_lost(
    kind: str, query: str, six: None, settings: Any
) -> None:
    settings.RERANKER_MODEL = kind
    assert_none_is_lost(query, 0 if kind == "none" else len(PAGES))


@pytest.mark.django_db
@pytest.mark.parametrize("inference", ["int8", "torch"])
@pytest.mark.parametrize("query", QUERIES)
def test_any_query_passes_through_a_cross_encoder_in_either_form(
    inference: str, query: str, six: None, cross_encoder: str, settings: Any
) -> None:
    settings.RERANKER_MODEL, settings.INFERENCE_BACKEND = cross_encoder, inference
    settings.RERANK_BUDGET_MS = None  # or the machine's speed decides how many
    assert_none_is_lost(query, len(PAGES))


def assert_none_is_lost(query: str, most: int) -> None:
    """`query` by its name, of whose documents at most so many are reranked."""
    without = ranked(QUERIES[query], rerank=False)
    found = ranked(QUERIES[query])
    assert sorted(d.document_id for d in found.documents) == sorted(
        d.document_id for d in without.documents
    )
    scores = [d.score for d in found.documents]
    assert scores == sorted(scores, reverse=True)
    reads = QUERIES[query] and query not in UNREAD
    expected = min(most, len(without.documents)) if reads else 0
    assert found.reranked_count == expected
    assert found.reranked == (expected > 0)
    assert (TOO_LONG in found.warnings) == (query == "long")


@pytest.mark.django_db
def test_with_no_network_a_search_is_reranked_all_the_same(six: None, settings: Any) -> None:
    settings.RERANKER_MODEL = "auto"  # the tests have no hub: see conftest
    page = service.search_documents(AnonymousUser(), SearchRequest("moon and tide"))
    assert page.reranked
    assert page.reranked_count == len(PAGES)
    assert page.results[0].document.title == "Tides"
    assert isinstance(load_reranker(), LateInteractionReranker)
    assert str(reranker_state()) == "Reranking with late interaction."


@pytest.mark.django_db
def test_depth_and_weight_are_the_requests_to_choose(six: None, settings: Any) -> None:
    settings.RERANKER_MODEL = "late-interaction"
    two = ranked("moon and tide", rerank_depth=2)
    assert two.reranked_count == 2
    assert sum(d.rerank is not None for d in two.documents) == 2
    fused = ranked("moon and tide", rerank_weight=0.0)
    assert [d.fused_rank for d in fused.documents] == list(range(1, len(PAGES) + 1))
    alone = ranked("moon and tide", rerank_weight=1.0)
    assert [d.rerank_rank for d in alone.documents] == list(range(1, len(PAGES) + 1))


@pytest.mark.django_db
def test_the_reranker_sees_of_a_passage_what_the_settings_say(six: None, settings: Any) -> None:
    settings.RERANKER_MODEL = "late-interaction"

    def scores(shown: str) -> dict[str, float | None]:
        found = ranked("moon and tide", rerank_shown=shown).documents
        return {document.document_id: document.rerank for document in found}

    full, passage = scores("full"), scores("passage")
    assert full == scores("title")  # these have no headings
    assert full != passage


def test_a_model_that_cannot_be_had_leaves_the_fused_order(settings: Any) -> None:
    settings.RERANKER_MODEL = "nowhere/no-such-model"
    assert load_reranker() is None
    assert "nowhere/no-such-model" in str(reranker_state())


def test_auto_takes_the_products_own_cross_encoder_before_late_interaction(
    cross_encoder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "OWN_CROSS_ENCODER", Path(cross_encoder).parent)
    assert isinstance(load_reranker("auto"), CrossEncoderReranker)


def test_the_depth_of_a_reranker_that_comes_later_is_measured_before_a_search_needs_it(
    cross_encoder: str, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR_DIR, settings.RERANK_BUDGET_MS = tmp_path, 300
    monkeypatch.setattr(registry, "_loaded", {cross_encoder: Message("reranker_not_loaded")})
    registry.refresh_rerankers()
    assert (tmp_path / "reranker-depth.json").is_file()
    assert isinstance(load_reranker(cross_encoder), CrossEncoderReranker)


class Clock:
    """Stands still but for the work that is done."""

    def __init__(self) -> None:
        self.now = 0.0

    def perf_counter(self) -> float:
        return self.now


class Slow:
    """Takes `seconds` of the clock for each text, and says how many it was given."""

    name = fingerprint = "slow"
    depth, weight = 20, 0.5

    def __init__(self, seconds: float = 0.0, clock: Clock | None = None) -> None:
        self.seconds, self.clock = seconds, clock or Clock()
        self.read: list[str] = []

    def reads_whole(self, query: str) -> bool:
        return True

    def score(self, query: str, texts: Sequence[str], weigh: object) -> list[float]:
        self.read += texts
        self.clock.now += self.seconds * len(texts)
        return [float(len(text)) for text in texts]


TEXTS = [f"text {'x' * number}" for number in range(60)]


def test_where_the_time_does_not_suffice_for_all_none_is_scored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A step of four texts takes 40 ms: after the sixth the time is out."""
    clock = Clock()
    monkeypatch.setattr(budget, "core_count", lambda: 2)
    monkeypatch.setattr(budget, "time", clock)
    slow = Slow(0.01, clock)
    assert score_within_budget(slow, "q", TEXTS, budget_ms=230) is None
    assert slow.read == TEXTS[:24]
    # What was read is remembered: asked again, the search gets to the end.
    assert score_within_budget(slow, "q", TEXTS[:40], budget_ms=230) == [
        float(len(text)) for text in TEXTS[:40]
    ]
    assert slow.read == TEXTS[:40]


def test_where_too_many_read_at_once_none_waits_for_ever() -> None:
    with ExitStack() as others:
        for _ in range(core_count()):
            assert others.enter_context(budget.turn(None))
        assert score_within_budget(Slow(), "q", TEXTS, budget_ms=100) is None
    assert score_within_budget(Slow(), "q", TEXTS, budget_ms=10_000)


def test_what_is_known_needs_no_turn() -> None:
    known = score_within_budget(Slow(), "q", TEXTS)
    with ExitStack() as others:
        for _ in range(core_count()):
            assert others.enter_context(budget.turn(None))
        assert score_within_budget(Slow(), "q", TEXTS, budget_ms=0) == known


@pytest.mark.django_db
def test_a_search_that_gets_no_turn_answers_in_the_fused_order_and_says_so(
    six: None, cross_encoder: str, settings: Any
) -> None:
    settings.RERANKER_MODEL = cross_encoder
    with ExitStack() as others:
        for _ in range(core_count()):
            others.enter_context(budget.turn(None))
        found = ranked("moon and tide", rerank_budget_ms=20)
    assert (found.reranked, found.reranked_count) == (False, 0)
    assert OUT_OF_TIME in found.warnings
    assert [d.fused_rank for d in found.documents] == list(range(1, len(PAGES) + 1))


@pytest.mark.django_db
def test_stored_token_vectors_are_read_instead_of_texts_however_busy_the_machine_is(
    six: None, settings: Any
) -> None:
    settings.RERANKER_MODEL = "late-interaction"
    free = ranked("moon and tide", rerank_budget_ms=20)
    with ExitStack() as others:
        for _ in range(core_count()):
            others.enter_context(budget.turn(None))
        busy = ranked("moon and tide", rerank_budget_ms=20)
    assert busy.reranked_count == len(PAGES)
    assert [(d.document_id, d.score) for d in busy.documents] == [
        (d.document_id, d.score) for d in free.documents
    ]


@pytest.mark.django_db
def test_a_passage_that_lacks_token_vectors_has_the_same_score(six: None, settings: Any) -> None:
    settings.RERANKER_MODEL = "late-interaction"
    stored = ranked("moon and tide")
    PassageEmbedding.objects.filter(passage__document__title__in=["Tides", "Bread"]).update(
        tokens=None
    )
    partly = ranked("moon and tide")
    assert partly.reranked_count == len(PAGES)
    for before, after in zip(stored.documents, partly.documents, strict=True):
        assert before.document_id == after.document_id
        assert after.rerank == pytest.approx(before.rerank, abs=1e-4)


@pytest.mark.django_db
def test_where_more_than_a_few_lack_them_the_depth_ends_before_the_rest(
    six: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RERANKER_MODEL = "late-interaction"
    monkeypatch.setattr(rerank_stage, "MOST_UNSTORED", 2)
    PassageEmbedding.objects.update(tokens=None)
    assert ranked("moon and tide", rerank_budget_ms=10_000).reranked_count == 2
    assert ranked("moon and tide").reranked_count == len(PAGES)  # an evaluation reads all


@pytest.mark.django_db
def test_kept_scores_tell_nothing_of_how_words_weigh_for_other_callers(
    six: None, settings: Any
) -> None:
    settings.RERANKER_MODEL = "late-interaction"
    reranker = load_reranker()
    assert reranker
    texts = list(PAGES.values())[:3]
    own, others = ({"moon": 1.0, "tide": 9.0}, {"moon": 9.0, "tide": 1.0})

    def scores(weights: dict[str, float]) -> list[float] | None:
        def weigh(words: Sequence[str]) -> list[float]:
            return [weights.get(word, 0.0) for word in words]

        return score_within_budget(reranker, "moon tide", texts, weigh)

    expected = scores(own)
    budget.clear_score_cache()
    assert scores(others) != expected
    assert scores(own) == expected


def test_without_a_budget_all_are_read() -> None:
    assert len(score_within_budget(Slow(), "q", TEXTS) or ()) == len(TEXTS)


def test_a_score_is_computed_once() -> None:
    slow = Slow()
    first = score_within_budget(slow, "q", TEXTS[:5])
    again = score_within_budget(slow, "q", TEXTS[:8])
    assert first and again and again[:5] == first
    assert slow.read == TEXTS[:8]
    score_within_budget(slow, "another query", TEXTS[:1])
    assert slow.read == [*TEXTS[:8], TEXTS[0]]


def test_the_best_sentence_is_the_one_that_answers(db: None) -> None:
    text = "It was a fine day. The pump stops when valve two is closed. We had lunch."
    span, nothing = token_vectors.best_sentences("why did the pump stop?", [text, ""])
    assert span and text[slice(*span)] == "The pump stops when valve two is closed."
    assert nothing is None
    assert token_vectors.best_sentences(" ", [text]) == [None]


def test_a_heading_is_no_answer_where_there_is_a_sentence(db: None) -> None:
    text = "The starter. Feed it every day with flour and water, and throw half of it away."
    span, alone = token_vectors.best_sentences("sourdough starter", [text, "The starter."])
    assert span and text[slice(*span)].startswith("Feed it")
    assert alone is None  # one sentence needs no choosing


@pytest.mark.django_db
def test_rare_words_weigh_more_than_stop_words(six: None) -> None:
    from retrieval.live_index.index import live_index
    from retrieval.query.context import SearchContext

    parsed = parse_query("the tide")
    filters = filters_for(AnonymousUser(), parsed, SearchRequest("the tide"))
    context = SearchContext.of(parsed, filters, live_index().refresh())
    the, tide, unknown, mark = context.weigh(["the", "tide", "zeppelin", "?"])
    assert unknown >= tide > the > mark == 0


def test_auto_chooses_again_when_a_trained_model_comes_or_goes(
    cross_encoder: str, settings: Any, tmp_path: Path
) -> None:
    settings.VAR_DIR, settings.INFERENCE_BACKEND = tmp_path, "torch"
    settings.RERANKER_MODEL = "auto"
    before = load_reranker()
    registry.refresh_rerankers()
    assert load_reranker() is before  # nothing has changed
    shutil.copytree(cross_encoder, trained_reranker_folder())
    registry.refresh_rerankers()
    trained = load_reranker()
    assert trained is not None and trained.name == "the cross-encoder trained here"
    shutil.rmtree(trained_reranker_folder())
    registry.refresh_rerankers()
    after = load_reranker()
    assert after is not None and after.name == "late interaction"
