"""What counts as a result of a query of words."""

import numpy as np
import pytest

from retrieval.ranking import matches
from retrieval.ranking.matches import MatchedDocuments
from retrieval.ranking.retrievers import LexicalRetriever
from tests.retrieval.rows import context

# Of a question, only "harbour" and "closes" tell much; every text has "storm".
TEXTS = {
    1: "the harbour closes in a storm",
    2: "harbour walls and a storm",
    3: "the shop closes, says the storm",
    **{n: f"storm number {n}" for n in range(4, 30)},
}


def counted(query: str, texts: dict[int, str] | None = None, k: int = 1) -> set[int]:
    asked = context(query, texts=texts or TEXTS)
    top = LexicalRetriever().search(asked, k)
    assert top is not None and top.matched is not None
    return set(asked.index.first_passages(top.matched).tolist())


@pytest.mark.parametrize("query", ["storm", "storm harbour"])
def test_each_word_of_a_short_query_makes_a_match(query: str) -> None:
    assert counted(query) == set(TEXTS)


def test_a_document_with_one_common_word_of_a_question_is_none() -> None:
    assert counted("when does the harbour close in a storm?") == {1, 2, 3}


def test_a_question_whose_words_stand_together_nowhere_still_has_matches() -> None:
    texts = {1: "harbour", 2: "closes", 3: "storm", 4: "bread"}
    assert counted("when does the harbour close in a storm?", texts) == {1, 2, 3}


def test_each_document_is_kept_once_and_none_that_the_database_has_lost() -> None:
    asked = context("harbour closes walls", texts=TEXTS)
    parts = [np.array([3, 1]), np.array([1, 2])]
    kept = matches.matched_documents(asked, parts, gone=[3])

    numbers = asked.index.live_documents(kept.keys)
    assert asked.index.first_passages(numbers).tolist() == [4, 2]  # the third document is gone
    assert not kept.truncated


def test_no_more_are_kept_than_can_be_paged_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matches, "MOST_MATCHES", 3)
    keys = np.arange(5, dtype=np.uint64)

    assert MatchedDocuments.of(keys[:3], truncated=False).truncated is False
    kept = MatchedDocuments.of(keys, truncated=False)
    assert (kept.keys.tolist(), kept.truncated) == ([0, 1, 2], True)
