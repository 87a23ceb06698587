import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.hits import Hit
from retrieval.ranking.fusion import FUSIONS, RetrieverResult, blend, fuse

EQUAL = {"lexical": 0.5, "dense": 0.5}


def result(name: str, scores: dict[int, float]) -> RetrieverResult:
    hits = [Hit(c, s) for c, s in sorted(scores.items(), key=lambda item: -item[1])]
    return RetrieverResult(name, hits, scores)


def test_max_norm_is_the_weighted_mean_of_shares_of_the_best() -> None:
    lexical = result("lexical", {1: 8.0, 2: 4.0})
    dense = result("dense", {1: 0.3, 2: 0.6, 3: 0.45})

    weights = {"lexical": 0.25, "dense": 0.75}
    fused = {hit.passage_id: hit.score for hit in fuse([lexical, dense], weights, "max_norm")}

    assert fused[1] == pytest.approx(0.25 * 1.0 + 0.75 * 0.5)
    assert fused[2] == pytest.approx(0.25 * 0.5 + 0.75 * 1.0)
    assert fused[3] == pytest.approx(0.25 * 0.0 + 0.75 * 0.75)


def test_rrf_counts_ranks_of_each_retriever() -> None:
    both = [result("lexical", {1: 9.0, 2: 1.0}), result("dense", {2: 0.9, 1: 0.1})]
    fused = fuse(both, EQUAL, "rrf")

    assert fused == [Hit(1, (1 / 61 + 1 / 62) / 2), Hit(2, (1 / 62 + 1 / 61) / 2)]


def test_z_score_measures_in_standard_deviations() -> None:
    fused = fuse([result("dense", {1: 1.0, 2: 3.0})], EQUAL, "z_score")

    assert [hit.score for hit in fused] == [1.0, -1.0]


def test_a_tiny_collection_without_positive_scores_still_has_an_order() -> None:
    fused = fuse([result("lexical", {1: -2.0, 2: -1.0})], EQUAL, "max_norm")

    assert [hit.passage_id for hit in fused] == [2, 1]


def test_equal_scores_are_ordered_by_passage_id() -> None:
    assert [h.passage_id for h in fuse([result("dense", {9: 0.5, 3: 0.5})], EQUAL)] == [3, 9]


def test_three_retrievers_count_by_their_weights() -> None:
    three = [result(name, {n: 1.0}) for n, name in enumerate(("a", "b", "c"))]

    fused = fuse(three, {"a": 1.0, "b": 2.0, "c": 5.0})

    assert fused == [Hit(2, 5 / 8), Hit(1, 2 / 8), Hit(0, 1 / 8)]


def test_weights_that_are_all_zero_count_alike() -> None:
    alone = fuse([result("lexical", {1: 8.0, 2: 4.0})], {"lexical": 0.0, "dense": 1.0})

    assert alone == [Hit(1, 1.0), Hit(2, 0.5)]


@pytest.mark.parametrize("method", FUSIONS)
def test_nothing_found_is_nothing_fused(method: str) -> None:
    assert fuse([result("lexical", {}), result("dense", {})], EQUAL, method) == []


@pytest.mark.parametrize("method", FUSIONS)
@given(scores=st.dictionaries(st.integers(0, 50), st.floats(-5, 50), min_size=1))
def test_one_retriever_alone_keeps_its_order(method: str, scores: dict[int, float]) -> None:
    fused = fuse([result("lexical", scores)], EQUAL, method)

    ranked = [scores[hit.passage_id] for hit in fused]
    assert all(a >= b or a == pytest.approx(b) for a, b in itertools.pairwise(ranked))


def test_blend_mixes_both_orders_and_stays_above_the_floor() -> None:
    reranker_alone = blend([0.9, 0.8, 0.7], [1.0, 2.0, 3.0], weight=1.0, floor=0.6)
    fused_alone = blend([0.9, 0.8, 0.7], [1.0, 2.0, 3.0], weight=0.0, floor=0.6)

    assert reranker_alone == pytest.approx([0.6, 0.75, 0.9])
    assert fused_alone == pytest.approx([0.9, 0.75, 0.6])


def test_a_reranker_without_opinion_changes_no_order() -> None:
    assert blend([0.9, 0.8, 0.7], [1.0, 1.0, 1.0], weight=0.5) == pytest.approx([0.9, 0.8, 0.7])
