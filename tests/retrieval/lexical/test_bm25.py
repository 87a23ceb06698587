"""The lexical index against the unmodified rank_bm25, and what the product adds to it."""

import subprocess
import sys
import threading
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from retrieval.hits import DocumentEntry, Hit, PassageEntry
from retrieval.lexical import BM25Index, scorer
from retrieval.lexical.snapshot import SnapshotError

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


@settings(deadline=None, max_examples=200)
@given(st.lists(texts, max_size=12), queries, parameters)
def test_scores_are_the_library_s(corpus, query, options):
    index = BM25Index(corpus, **options)
    expected = oracle(corpus, query, **options)
    np.testing.assert_allclose(index.get_scores(query), expected, rtol=1e-9)
    everywhere = list(range(len(corpus)))
    np.testing.assert_allclose(index.get_batch_scores(query, everywhere), expected, rtol=1e-9)
    np.testing.assert_allclose(index.score(query, everywhere), expected, rtol=1e-9)


@settings(deadline=None, max_examples=50)
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


@settings(deadline=None, max_examples=100)  # each saves and syncs to disk
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


def an_index():
    index = BM25Index.build(
        [
            (
                DocumentEntry("one", {"collection": 1, "type": "pdf"}),
                [PassageEntry(11, ["x"]), PassageEntry(12, ["y", "z"])],
            ),
            (
                DocumentEntry("two", {"collection": 2, "type": "txt"}),
                [PassageEntry(21, ["x"]), PassageEntry(22, ["q"])],
            ),
            (
                DocumentEntry("three", {"collection": 2, "type": "pdf"}),
                [PassageEntry(31, ["x"]), PassageEntry(32, ["w"])],
            ),
        ]
    )
    index.add(
        DocumentEntry("four", {"collection": 1, "type": "md"}),
        [PassageEntry(41, ["x"]), PassageEntry(42, ["y", "x"])],
    )
    return index


def ids(index, mask):
    return index.passage_ids(mask).tolist()


def test_equal_scores_come_in_order_of_passage_id():
    hits = an_index().search(["x"], 3).hits
    assert [hit.passage_id for hit in hits] == [11, 21, 31]
    assert len({hit.score for hit in hits}) == 1


def test_passages_whose_score_is_not_positive_are_found():
    found = BM25Index([["a"], ["a", "b"]]).search(["a"], 10)
    assert found.matched == 2
    assert all(hit.score <= 0 for hit in found.hits)


def test_a_filter_counts_before_the_top_k():
    index = BM25Index.build(
        (
            DocumentEntry(str(n), {"collection": n % 100, "type": "txt"}),
            [PassageEntry(n, ["x"] * (1 + n % 7))],
        )
        for n in range(2000)
    )
    found = index.search(["x"], 10, index.mask({"collection": [99]}))
    assert (len(found.hits), found.matched) == (10, 20)
    assert all(hit.passage_id % 100 == 99 for hit in found.hits)


def test_masks_select_by_every_attribute():
    index = an_index()
    assert ids(index, index.mask()) == [11, 12, 21, 22, 31, 32, 41, 42]
    assert ids(index, index.mask({"collection": [1]})) == [11, 12, 41, 42]
    assert ids(index, index.mask({"type": ["pdf", "md", "none"]})) == [11, 12, 31, 32, 41, 42]
    assert ids(index, index.mask({"collection": [2], "type": ["pdf"]})) == [31, 32]
    assert ids(index, index.mask({"collection": []})) == []


def test_language_and_year_are_selected_by_in_memory_and_on_disk(tmp_path):
    index = BM25Index.build(
        [
            (
                DocumentEntry(
                    "one", {"collection": 1, "type": "pdf", "language": "en", "year": 1999}
                ),
                [PassageEntry(11, ["en:x"], ["x"])],
            ),
            (
                DocumentEntry(
                    "two", {"collection": 1, "type": "pdf", "language": "de", "year": 2024}
                ),
                [PassageEntry(21, ["en:x"], ["x"])],
            ),
        ]
    )
    index.add(
        DocumentEntry("three", {"collection": 1, "type": "pdf", "language": "fr", "year": 2024}),
        [PassageEntry(31, ["fr:x"], ["x"])],
    )
    index.add(
        DocumentEntry("one", {"collection": 1, "type": "pdf", "language": "de", "year": 2001}),
        [PassageEntry(12, ["en:x"], ["x"])],
    )
    index.save(tmp_path / "saved", 1)
    for each in (index, BM25Index.open(tmp_path / "saved")):
        assert ids(each, each.mask({"language": ["de", "fr"]})) == [21, 31, 12]
        assert ids(each, each.mask({"language": ["de"], "year": [2001]})) == [12]
        assert ids(each, each.mask({"year": [2024, 1999]})) == [21, 31]
        assert (
            ids(each, each.mask({"language": ["xx"]})) == ids(each, each.mask({"year": []})) == []
        )


def test_a_mask_is_made_once_until_the_index_changes():
    index = an_index()
    before = index.mask({"collection": [1]})
    assert index.mask({"collection": {1}}) is before
    index.remove("one")
    assert ids(index, index.mask({"collection": [1]})) == [41, 42]


def test_an_earlier_mask_lets_nothing_through_that_came_later():
    index = an_index()
    mask = index.mask({"collection": [1]})
    index.add(DocumentEntry("one", {"collection": 1, "type": "pdf"}), [PassageEntry(13, ["x"])])
    assert {hit.passage_id for hit in index.search(["x"], 9, mask).hits} == {41, 42}
    assert {hit.passage_id for hit in index.search(["x"], 9).hits} == {13, 21, 31, 41, 42}


def test_documents_are_found_by_terms_in_different_passages():
    index = an_index()
    assert ids(index, index.holding(["x", "y"])) == [11, 12, 41, 42]
    assert ids(index, index.holding(["x", "none"])) == []
    inside = index.mask({"type": ["md"]})
    assert ids(index, index.holding(["x", "y"], within=inside)) == [41, 42]


def test_a_passage_says_whether_it_holds_all_terms():
    assert an_index().contains(["x", "y"], [42, 41, 12, 999]) == [True, False, False, False]


def test_an_explanation_adds_up_to_the_score():
    index, query = an_index(), ["y", "x", "y", "none"]
    explained = index.explain(query, 42)
    assert [(part.term, part.tf) for part in explained] == [("y", 1), ("x", 1)]
    assert sum(part.score for part in explained) == pytest.approx(index.score(query, [42])[0])
    assert index.score(query, [999]) == [0.0]
    assert index.explain(query, 999) == []


def test_a_snapshot_is_written_once_and_keeps_everything(tmp_path):
    index = an_index()
    index.remove("two")
    index.save(tmp_path / "7", position=7)
    opened = BM25Index.open(tmp_path / "7")
    assert (opened.position, opened.snapshot_position, opened.size_in_segment) == (7, 7, 0)
    assert index.size_in_segment == 4
    assert opened.search(["x", "y"], 9) == index.search(["x", "y"], 9)
    assert opened.idf == pytest.approx(index.idf)
    assert ids(opened, opened.mask({"type": ["md"]})) == [41, 42]
    assert [path.name for path in tmp_path.iterdir()] == ["7"]
    with pytest.raises(FileExistsError):
        opened.save(tmp_path / "7")


def test_what_is_not_a_snapshot_is_refused(tmp_path):
    an_index().save(tmp_path / "1")
    (tmp_path / "1" / "terms.tf.npy").unlink()
    with pytest.raises(SnapshotError):
        BM25Index.open(tmp_path / "1")
    with pytest.raises(SnapshotError):
        BM25Index.open(tmp_path / "2")


def test_readers_never_see_half_a_change():
    """A document is replaced again and again: every search finds exactly one version of it."""
    index = an_index()
    found: list[list[Hit]] = []
    done = threading.Event()

    def read():
        while not done.is_set():
            found.append(index.search(["v"], 10).hits)

    index.add(
        DocumentEntry("five", {"collection": 1, "type": "txt"}), [PassageEntry(0, ["v", "x"])]
    )
    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for version in range(1, 300):
        index.add(
            DocumentEntry("five", {"collection": 1, "type": "txt"}),
            [PassageEntry(version, ["v", "x"])],
        )
    done.set()
    for reader in readers:
        reader.join()
    assert found
    assert all(len(hits) == 1 for hits in found)


def test_the_index_imports_neither_django_nor_torch():
    check = "import sys, retrieval.lexical; print({'django', 'torch'} & set(sys.modules))"
    output = subprocess.run([sys.executable, "-c", check], check=True, capture_output=True)
    assert output.stdout.strip() == b"set()"


def test_the_memory_of_many_searches_at_once_is_given_back() -> None:
    scratches, size = scorer.BufferPool(), 100_000
    tracemalloc.start()
    try:
        taken = [scratches.take(size) for _ in range(3 * scorer.KEPT)]
        for scratch in taken:
            scratches.give(scratch)
        del taken, scratch
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 16 * size * (scorer.KEPT + 1) * 9 / 8  # an eighth of room each
