"""Collections to choose settings on, made of textbook passages and the queries written for them.

    python -m tests.collections.books FOLDER

writes three collections in BEIR layout under FOLDER, from BENCH_DATA (default ../shared/data), to
be given to `manage.py evaluate --dataset`. Every query has one relevant passage, the one it was
written for. Settings chosen here can be proved on collections that had no part in the choice.
"""

import gzip
import hashlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Books whose passages make up each collection, small enough to be indexed in minutes.
GROUPS = {
    "philosophy": ("introduction-philosophy",),
    "computing": ("introduction-python-programming", "usnistgov+800-63-3"),
    "curl": ("bagder+everything-curl",),
}
PASSAGES = ("passages.jsonl.gz", "passages_md.jsonl.gz")
QUERIES = 200


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("Say where to: python -m tests.collections.books FOLDER")
    data = Path(os.environ.get("BENCH_DATA", "../shared/data")) / "reranker-training"
    if not data.is_dir():
        sys.exit(f"{data} is not there; BENCH_DATA names the folder that holds reranker-training.")
    for name, books in GROUPS.items():
        passages, queries = write(Path(sys.argv[1]) / name, data, books)
        print(f"{name}: {passages} passages, {queries} queries; {', '.join(books)}")


def write(folder: Path, data: Path, books: tuple[str, ...]) -> tuple[int, int]:
    """How many passages and queries were written."""
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    passages = [p for file in PASSAGES for p in rows(data / file) if p["book"] in books]
    known = {passage["id"] for passage in passages}
    written = [w for w in rows(data / "written_queries.jsonl.gz") if w["id"] in known]
    chosen = sorted(written, key=lambda w: hashlib.sha256(w["id"].encode()).digest())[:QUERIES]
    with (folder / "corpus.jsonl").open("w", encoding="utf-8") as corpus:
        for passage in passages:
            title = " > ".join([passage["module"], *passage["path"]])
            line = {"_id": passage["id"], "title": title, "text": passage["text"]}
            corpus.write(json.dumps(line, ensure_ascii=False) + "\n")
    with (
        (folder / "queries.jsonl").open("w", encoding="utf-8") as queries,
        (folder / "qrels" / "test.tsv").open("w", encoding="utf-8") as qrels,
    ):
        qrels.write("query-id\tcorpus-id\tscore\n")
        # A question, a few keywords and a claim in turn.
        for number, one in enumerate(chosen):
            text = one["q"][number % len(one["q"])]
            queries.write(json.dumps({"_id": str(number), "text": text}, ensure_ascii=False) + "\n")
            qrels.write(f"{number}\t{one['id']}\t1\n")
    return len(passages), len(chosen)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    main()
