"""A reranker is one class and one name: a third kind, added from outside."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from documents.messages import Message
from retrieval.late_interaction import TermWeights
from retrieval.rerankers import load_reranker, reranker_state, score_within_budget
from retrieval.rerankers.budget import clear_score_cache
from retrieval.rerankers.registry import RERANKERS


class LengthReranker:
    """Prefers long texts for any query."""

    name = "the longest"
    fingerprint = "length-1"
    depth = 3
    weight = 1.0

    def score(self, query: str, texts: Sequence[str], weigh: TermWeights) -> list[float]:
        return [float(len(text)) for text in texts]

    def reads_whole(self, query: str) -> bool:
        return True


@pytest.fixture
def chosen(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(RERANKERS, "length", LengthReranker)
    settings.RERANKER_MODEL = "length"
    clear_score_cache()
    yield
    clear_score_cache()


def test_a_registered_reranker_is_chosen_by_its_name_and_scores_all_texts(chosen: None) -> None:
    reranker = load_reranker()
    assert isinstance(reranker, LengthReranker)
    assert reranker_state() == Message("reranker_loaded", {"reranker": "the longest"})
    assert score_within_budget(reranker, "which?", ["a", "abc", "ab"]) == [1.0, 3.0, 2.0]
