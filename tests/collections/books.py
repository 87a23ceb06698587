"""Collections to choose settings on, made of textbook passages and the queries written for them.

    python -m tests.collections.books FOLDER

writes six collections in BEIR layout under FOLDER, from BENCH_DATA (default ../shared/data), to be
given to `manage.py evaluate --dataset`: three of passages, and three of the chapters that these
make up, with headings. Every query has one relevant document, the one it was written for. Settings
chosen here can be proved on collections that had no part in the choice.
"""

import gzip
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import groupby
from pathlib import Path
from typing import Any

Row = dict[str, Any]

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
        passages = [p for file in PASSAGES for p in rows(data / file) if p["book"] in books]
        asked = chosen_queries(data, {passage["id"] for passage in passages})
        for collection, whole in ((name, False), (f"{name}-chapters", True)):
            corpus = list(chapters(passages) if whole else map(alone, passages))
            write(Path(sys.argv[1]) / collection, corpus, asked, whole)
            sizes = f"{len(corpus)} documents, {len(asked)} queries"
            print(f"{collection}: {sizes}; {', '.join(books)}")


def chosen_queries(data: Path, known: Set[str]) -> list[Row]:
    written = [w for w in rows(data / "written_queries.jsonl.gz") if w["id"] in known]
    return sorted(written, key=lambda w: hashlib.sha256(w["id"].encode()).digest())[:QUERIES]


def alone(passage: Row) -> Row:
    """A document of one passage, whose title names the chapter and the headings above it."""
    title = " > ".join([passage["module"], *passage["path"]])
    return {"_id": passage["id"], "title": title, "text": passage["text"]}


def chapters(passages: Sequence[Row]) -> Iterator[Row]:
    """Documents of whole chapters, with their headings in Markdown."""
    for chapter, own in groupby(passages, key=lambda passage: chapter_of(passage["id"])):
        title = ""
        path: list[str] = []
        lines: list[str] = []
        for passage in own:
            for level, heading in enumerate(passage["path"]):
                if path[: level + 1] != passage["path"][: level + 1]:
                    lines.append(f"{'#' * (level + 2)} {heading}")
            title, path = passage["module"], passage["path"]
            lines.append(passage["text"])
        yield {"_id": chapter, "title": title, "text": "\n\n".join(lines), "format": "md"}


def chapter_of(passage_id: str) -> str:
    return passage_id.rpartition("/")[0]


def write(folder: Path, documents: Iterable[Row], asked: Iterable[Row], whole: bool) -> None:
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    with (folder / "corpus.jsonl").open("w", encoding="utf-8") as corpus:
        for document in documents:
            corpus.write(json.dumps(document, ensure_ascii=False) + "\n")
    with (
        (folder / "queries.jsonl").open("w", encoding="utf-8") as queries,
        (folder / "qrels" / "test.tsv").open("w", encoding="utf-8") as qrels,
    ):
        qrels.write("query-id\tcorpus-id\tscore\n")
        # A question, a few keywords and a claim in turn.
        for number, one in enumerate(asked):
            text = one["q"][number % len(one["q"])]
            queries.write(json.dumps({"_id": str(number), "text": text}, ensure_ascii=False) + "\n")
            qrels.write(f"{number}\t{chapter_of(one['id']) if whole else one['id']}\t1\n")


def rows(path: Path) -> Iterator[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    main()
