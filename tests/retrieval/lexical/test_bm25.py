"""Search, explanations, snapshots and concurrent changes of the lexical index."""

import subprocess
import sys
import threading
import tracemalloc

import pytest

from retrieval.hits import DocumentEntry, Hit, PassageEntry
from retrieval.lexical import BM25Index, scorer
from retrieval.lexical.snapshot import SnapshotError
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
    assert kept < 16 * size * (scorer.KEPT + 1) * 9 / 8  # an eighth of room each
