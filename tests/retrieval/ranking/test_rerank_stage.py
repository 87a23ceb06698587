"""The rerank stage: the head of the list in the order of the blend, the rest beneath it."""

from collections.abc import Sequence
from typing import Any

import pytest

from documents.errors import ModelUnavailable
from documents.models import Collection
from retrieval.ranking.rerank_stage import rerank
from retrieval.ranking.retrievers import TOO_LONG
from retrieval.ranking.types import DocumentScore, PassageScore, RankingOptions
from retrieval.rerankers import budget
from tests.retrieval.rows import context, passages

pytestmark = pytest.mark.django_db
FUSED = (0.9, 0.8, 0.7, 0.6)


class Lengths:
    """A reranker that likes long texts, and reads queries of at most 20 characters."""

    name = fingerprint = "lengths"
    depth, weight = 3, 1.0

    def __init__(self) -> None:
        self.seen: list[str] = []

    def reads_whole(self, query: str) -> bool:
        return len(query) <= 20

    def score(self, query: str, texts: Sequence[str], weigh: Any) -> list[float]:
        self.seen += texts
        return [float(len(text)) for text in texts]


@pytest.fixture
def reranker(monkeypatch: pytest.MonkeyPatch) -> Lengths:
    found = Lengths()
    monkeypatch.setattr("retrieval.rerankers.load_reranker", lambda: found)
    budget.clear_score_cache()
    return found


@pytest.fixture
def four() -> list[DocumentScore]:
    """Documents A to D, in this order, each with a longer text than the one before."""
    shelf = Collection.objects.create(name="Shelf", slug="shelf")
    ids = [passages(shelf, name, name * 10 * n)[0] for n, name in enumerate("ABCD", start=1)]
    return [
        DocumentScore(name, fused, fused, rank, (PassageScore(passage, fused),))
        for rank, (name, fused, passage) in enumerate(zip("ABCD", FUSED, ids, strict=True), start=1)
    ]


PASSAGE = RankingOptions(rerank_shown="passage")


def test_the_head_is_reordered_and_stays_above_the_rest(
    four: list[DocumentScore], reranker: Lengths
) -> None:
    found, count = rerank(four, context("x"), PASSAGE)

    assert count == 3  # what suits the reranker
    assert [d.document_id for d in found] == ["C", "B", "A", "D"]
    assert [d.rerank for d in found] == [30.0, 20.0, 10.0, None]
    assert [d.rerank_rank for d in found] == [1, 2, 3, None]
    # Stretched from the best of those not read to the best there was.
    assert [d.score for d in found] == pytest.approx([0.9, 0.75, 0.6, 0.6])
    assert [d.fused for d in found] == [0.7, 0.8, 0.9, 0.6]


def test_options_come_before_what_suits_the_reranker(
    four: list[DocumentScore], reranker: Lengths
) -> None:
    two = RankingOptions(rerank_depth=2, rerank_weight=0.0, rerank_shown="title")
    found, count = rerank(four, context("x"), two)

    assert count == 2
    assert [d.document_id for d in found] == ["A", "B", "C", "D"]
    assert reranker.seen == ["A\n" + "A" * 10, "B\n" + "B" * 20]


def test_exact_identifiers_stay_above(four: list[DocumentScore], reranker: Lengths) -> None:
    lifted = [
        DocumentScore("L", 2.9, 0.9, 1, four[0].passages, exact_matches=1, exact_match_boost=2.0),
        *four[1:],
    ]
    found, _ = rerank(lifted, context("x"), PASSAGE)

    assert found[0].document_id == "L"
    assert found[0].score == pytest.approx(2.0 + 0.6)


@pytest.mark.parametrize(
    ("query", "options"),
    [("x", RankingOptions(rerank=False)), (" ", RankingOptions()), ("", RankingOptions())],
)
def test_nothing_is_read_where_it_is_not_wanted_or_nothing_is_asked(
    query: str, options: RankingOptions, four: list[DocumentScore], reranker: Lengths
) -> None:
    assert rerank(four, context(query), options) == (four, 0)
    assert reranker.seen == []


def test_without_a_reranker_the_order_stays(
    four: list[DocumentScore], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.rerankers.load_reranker", lambda: None)
    assert rerank(four, context("x"), RankingOptions()) == (four, 0)


def test_a_model_that_goes_away_meanwhile_leaves_the_order(
    four: list[DocumentScore], reranker: Lengths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> list[float]:
        raise ModelUnavailable("It went away with its space.")

    monkeypatch.setattr(reranker, "score", gone)
    assert rerank(four, context("x"), PASSAGE) == (four, 0)


def test_a_query_that_is_cut_is_told(four: list[DocumentScore], reranker: Lengths) -> None:
    short, long = context("x" * 20), context("x" * 21)
    rerank(four, short, PASSAGE)
    rerank(four, long, PASSAGE)

    assert (short.trace.warnings, long.trace.warnings) == ((), (TOO_LONG,))
