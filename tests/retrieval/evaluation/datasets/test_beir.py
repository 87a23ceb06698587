"""Reading a test collection from disk."""

from pathlib import Path

import pytest

from retrieval.evaluation.datasets import beir
from retrieval.evaluation.datasets.beir import DatasetError
from tests.retrieval.evaluation.datasets.files import GOOD, write_collection


def test_a_collection_is_read_with_the_queries_that_have_a_relevant_document(
    tmp_path: Path,
) -> None:
    dataset = beir.load_dataset(write_collection(tmp_path / "My Set", *GOOD))
    assert dataset.name == "my-set"
    assert dataset.queries == {"a": "one"}
    assert dataset.qrels == {"a": {"1": 1, "2": 0}}
    assert [(d.id, d.title, d.text, d.empty) for d in dataset.documents()] == [
        ("1", "T", "x", False),
        ("2", "", "", True),
    ]


def test_the_fingerprint_follows_the_text_and_its_order(tmp_path: Path) -> None:
    folder = write_collection(tmp_path / "set", *GOOD)
    before = beir.load_dataset(folder).fingerprint()
    assert before[1] == 2
    assert beir.load_dataset(folder).fingerprint() == before
    (folder / "corpus.jsonl").write_text(GOOD[0].replace('"x"', '"y"'))
    assert beir.load_dataset(folder).fingerprint() != before


@pytest.mark.parametrize(
    ("corpus", "queries", "qrels", "sentence"),
    [
        (GOOD[0] + "{", GOOD[1], GOOD[2], "corpus.jsonl, line 4: this is not JSON"),
        (GOOD[0] + "[1]", GOOD[1], GOOD[2], "corpus.jsonl, line 4: expected an object"),
        (GOOD[0] + '{"text": "x"}', GOOD[1], GOOD[2], "corpus.jsonl, line 4: “_id” is missing"),
        (GOOD[0] + '{"_id": "1"}', GOOD[1], GOOD[2], "line 4: the id 1 has been used before"),
        (GOOD[0], '{"_id": "a"}', GOOD[2], "queries.jsonl, line 1: “text” is missing"),
        (GOOD[0], GOOD[1], "a\t1\n", "test.tsv, line 1: expected query, document and whole grade"),
        (GOOD[0], GOOD[1], "a\t1\t0\n", "no query has a document judged relevant"),
        (GOOD[0], GOOD[1], "", "test.tsv holds no judgements"),
    ],
)
def test_what_is_broken_is_said_with_its_place(
    tmp_path: Path, corpus: str, queries: str, qrels: str, sentence: str
) -> None:
    with pytest.raises(DatasetError, match=sentence):
        list(
            beir.load_dataset(
                write_collection(tmp_path / "set", corpus, queries, qrels)
            ).documents()
        )


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="is not a folder"):
        beir.load_dataset(tmp_path / "nowhere")
    with pytest.raises(DatasetError, match=r"corpus\.jsonl is missing"):
        beir.load_dataset(tmp_path)
    folder = write_collection(tmp_path / "set", *GOOD)
    with pytest.raises(DatasetError, match=r"train\.tsv cannot be read"):
        beir.load_dataset(folder, "train")
    (folder / "qrels" / "test.tsv").unlink()
    with pytest.raises(DatasetError, match=r"qrels/test\.tsv is missing"):
        beir.load_dataset(folder)
