"""A small test collection on disk."""

from pathlib import Path


def write_collection(folder: Path, corpus: str, queries: str, qrels: str) -> Path:
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(corpus)
    (folder / "queries.jsonl").write_text(queries)
    (folder / "qrels" / "test.tsv").write_text(qrels)
    return folder


GOOD = (
    '{"_id": "1", "title": "T", "text": "x"}\n\n{"_id": "2", "text": ""}\n',
    '{"_id": "a", "text": "one"}\n{"_id": "b", "text": "two"}\n{"_id": "c", "text": "three"}\n',
    "query-id\tcorpus-id\tscore\na\t1\t1\na\t2\t0\nb\t1\t0\n",
)
