"""Search, explanations, snapshots and concurrent changes of the lexical index."""

import subprocess
import sys
import threading
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from retrieval.hits import PASSAGES_OF_A_DOCUMENT, DocumentEntry, Hit, PassageEntry
from retrieval.lexical import BM25Index, WeightedTerm, scorer
from retrieval.lexical.snapshot import SnapshotError
from tests.properties import examples
from tests.retrieval.lexical.example_index import an_index, ids


def test_equal_scores_come_in_order_of_passage_id():
    hits = an_index().search(["x"], 3).hits
    assert [hit.passage_id for hit in hits] == [11, 21, 31]
    assert len({hit.score for hit in hits}) == 1


def test_passages_whose_score_is_not_positive_are_found():
    found = BM25Index([["a"], ["a", "b"]]).search(["a"], 10)
    assert found.matched == 2
    assert all(hit.score <= 0 for hit in found.hits)


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
    assert kept < 24 * size * (scorer.KEPT + 1) * 9 / 8  # an eighth of room each


CORPORA = st.lists(
    st.lists(st.sampled_from("abcd"), min_size=1, max_size=6), min_size=2, max_size=8
)
WEIGHTED = st.lists(
    st.builds(WeightedTerm, st.sampled_from("abcde"), st.floats(0.1, 2), st.booleans()),
    min_size=1,
    max_size=5,
)


@examples(60)
@given(CORPORA, WEIGHTED)
def test_a_weighted_sum_is_that_of_the_librarys_term_scores(
    corpus: list[list[str]], terms: list[WeightedTerm]
) -> None:
    library = BM25Okapi(corpus)
    expected = sum(each.weight * library.get_scores([each.term]) for each in terms)
    finding = {each.term for each in terms if not each.optional}
    wanted = {at for at, text in enumerate(corpus) if finding & set(text)}
    ordered = sorted(terms, key=lambda each: each.optional)  # as QueryTerms.search gives them
    found = BM25Index(corpus).search(ordered, 100)

    assert {hit.passage_id for hit in found.hits} == wanted
    for hit in found.hits:
        assert hit.score == pytest.approx(expected[hit.passage_id])


@examples(60)
@given(st.lists(CORPORA, min_size=1, max_size=5), WEIGHTED, st.integers(0, 4), st.integers(0, 5))
def test_the_best_documents_are_those_of_the_best_passages(
    corpora: list[list[list[str]]], terms: list[WeightedTerm], k: int, at_rest: int
) -> None:
    documents = [
        (
            DocumentEntry(str(n)),
            [PassageEntry(n * 10 + at, text) for at, text in enumerate(corpus)],
        )
        for n, corpus in enumerate(corpora)
    ]
    index = BM25Index.build(documents[:at_rest])
    for document, passages in documents[at_rest:]:
        index.add(document, passages)
    ordered = sorted(terms, key=lambda each: each.optional)
    groups: dict[int, list[Hit]] = {}
    for hit in index.search(ordered, 1000).hits:  # best first
        groups.setdefault(hit.passage_id // 10, []).append(hit)
    found = index.search_documents(ordered, k)

    assert found.documents == len(groups)
    best = [hit for hits in list(groups.values())[:k]
            for hit in hits[:PASSAGES_OF_A_DOCUMENT]]  # fmt: skip
    assert found.hits == best


def test_a_long_document_does_not_use_up_the_candidates() -> None:
    long = [PassageEntry(number, ["honey"] * 5) for number in range(150)]
    short = [
        (DocumentEntry(f"short {n}"), [PassageEntry(1000 + n, ["honey", "bread", "tea"])])
        for n in range(5)
    ]
    found = BM25Index.build([(DocumentEntry("long"), long), *short]).search_documents(["honey"], 6)
    assert found.documents == 6
    assert len({hit.passage_id for hit in found.hits if hit.passage_id >= 1000}) == 5


def test_stems_and_words_of_one_passage_count_together() -> None:
    passage = PassageEntry(1, ["en:tide"], ["tides"], [("tides", 0, 1)], own_words=1)
    other = PassageEntry(2, ["en:tide", "en:x", "en:y"])
    index = BM25Index.build([(DocumentEntry("a"), [passage]), (DocumentEntry("b"), [other])])
    terms = ["en:tide", "~tides"]
    found = {hit.passage_id: hit.score for hit in index.search(terms, 9).hits}
    assert index.score(terms, [1, 2]) == pytest.approx([found[1], found[2]])
    assert index.holds(terms, [1, 2]).tolist() == [[True, True], [True, False]]
