"""The index offers what rank_bm25.BM25Okapi offers, and scores as the unmodified class does."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from retrieval.hits import DocumentEntry, PassageEntry
from retrieval.lexical import BM25Index
from tests.properties import examples

# Where an average idf is zero but for rounding, only an absolute tolerance can compare it.
CLOSE: dict[str, Any] = {"rtol": 1e-9, "atol": 1e-12}
TERMS = list("abcdefgh")
words = st.sampled_from(TERMS)
texts = st.lists(words, max_size=10)
queries = st.lists(st.sampled_from([*TERMS, "unknown"]), max_size=6)
parameters = st.fixed_dictionaries(
    {"k1": st.floats(0.1, 3), "b": st.floats(0, 0.99), "epsilon": st.floats(0, 1)}
)


def oracle(corpus, query, **options):
    """The library's scores; zeros where it divides by zero."""
    if not any(corpus):
        return np.zeros(len(corpus))
    return BM25Okapi(corpus, **options).get_scores(query)


@examples(200)
@given(st.lists(texts, max_size=12), queries, parameters)
def test_scores_are_the_library_s(corpus, query, options):
    index = BM25Index(corpus, **options)
    expected = oracle(corpus, query, **options)
    np.testing.assert_allclose(index.get_scores(query), expected, rtol=1e-9)
    everywhere = list(range(len(corpus)))
    np.testing.assert_allclose(index.get_batch_scores(query, everywhere), expected, rtol=1e-9)
    np.testing.assert_allclose(index.score(query, everywhere), expected, rtol=1e-9)


@examples(50)
@given(st.lists(texts, min_size=1, max_size=8).filter(any))
def test_the_library_s_attributes_are_there(corpus):
    ours, theirs = BM25Index(corpus), BM25Okapi(corpus)
    assert isinstance(ours, BM25Okapi)
    assert ours.idf == pytest.approx(theirs.idf)
    assert (ours.doc_freqs, ours.doc_len) == (theirs.doc_freqs, theirs.doc_len)
    assert (ours.corpus_size, ours.avgdl) == (theirs.corpus_size, theirs.avgdl)
    assert ours.average_idf == pytest.approx(theirs.average_idf)
    query, names = ["a", "b"], list(range(len(corpus)))
    assert ours.get_top_n(query, names, 3) == theirs.get_top_n(query, names, 3)


def test_a_tokenizer_and_tokens_of_other_types_are_taken():
    assert BM25Index(["a b", "c"], str.split).get_scores(["c"])[1] == pytest.approx(
        BM25Okapi(["a b", "c"], str.split).get_scores(["c"])[1]
    )
    corpus = [[1, 2], [("x",), 2], [3]]
    np.testing.assert_array_equal(
        BM25Index(corpus).get_scores([3, ("x",)]), BM25Okapi(corpus).get_scores([3, ("x",)])
    )


def test_corpora_without_documents_or_words_score_nothing():
    assert BM25Index([]).get_scores(["a"]).tolist() == []
    assert BM25Index([[]]).get_scores(["a"]).tolist() == [0.0]
    assert BM25Index([]).search(["a"], 10).hits == []
    assert BM25Index([["a"]]).search(["a"], 10).matched == 1


documents = st.integers(0, 5)
changes = st.one_of(
    st.tuples(st.just("add"), documents, st.lists(texts, max_size=3)),
    st.tuples(st.just("remove"), documents),
    st.tuples(st.just("save and open")),
)


def apply(index, live, change, next_id, folder):
    """Make a change to the index and to `live`, {document: {passage id: terms}} in order."""
    if change[0] == "save and open":
        index.save(folder, next_id)
        return BM25Index.open(folder)
    name = str(change[1])
    removed = live.pop(name, None)
    if change[0] == "remove":
        assert index.remove(name) is (removed is not None)
        return index
    live[name] = {next_id + at: text for at, text in enumerate(change[2])}
    entries = [PassageEntry(passage, text) for passage, text in live[name].items()]
    index.add(
        DocumentEntry(name, {"collection": change[1] % 2, "type": f"type{change[1] % 3}"}), entries
    )
    return index


@examples(100)  # each saves and syncs to disk
@given(st.lists(changes, max_size=12), queries, st.integers(0, 8))
def test_after_any_changes_scores_are_those_of_the_live_passages(tmp_path_factory, steps, query, k):
    folder = tmp_path_factory.mktemp("index")
    index = BM25Index([])
    live: dict[str, dict[int, list[str]]] = {}
    for number, change in enumerate(steps):
        index = apply(index, live, change, 10 * number, folder / str(number))
    passages = {passage: text for held in live.values() for passage, text in held.items()}
    expected = oracle(list(passages.values()), query)
    np.testing.assert_allclose(index.get_scores(query), expected, **CLOSE)
    assert index.passage_ids().tolist() == list(passages)
    assert index.passage_count == len(passages)
    check_search(index, passages, query, k, None)
    check_search(index, {c: t for n in live if int(n) % 2 for c, t in live[n].items()}, query, k, 1)


def check_search(index, visible, query, k, collection):
    """A search finds the best k of all visible passages with a term, and counts them all."""
    allowed = None if collection is None else index.mask({"collection": [collection]})
    found = index.search(query, k, allowed)
    holding = [passage for passage, text in visible.items() if set(text) & set(query)]
    scores = dict(zip(holding, index.score(query, holding), strict=True))
    ranked = sorted(holding, key=lambda passage: (-scores[passage], passage))
    assert found.matched == len(holding)
    assert [hit.passage_id for hit in found.hits] == ranked[:k]
    np.testing.assert_allclose([h.score for h in found.hits], [scores[c] for c in ranked[:k]])
