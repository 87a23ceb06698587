"""How long suggestions take while a query is typed: the whole answer of the server, without net.

    python -m tests.benchmarks.suggesting [PASSAGES ...]

Passages of textbooks (`$BENCH_DATA/reranker-training/passages.jsonl.gz`), taken again and again
until there are enough, in documents of ten passages. The caller may see one of two collections,
with half of them. What is typed are queries written for such passages, letter by letter. Prints for
each size p50, p95 and the longest in milliseconds, and processor time for one answer; beside it the
time of a page of search whose list is kept, with its facets.
"""

import gzip
import json
import sys
import time
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks._data import COLLECTIONS
from tests.benchmarks._servers import own_servers

FOLDER = COLLECTIONS.parent / "reranker-training"
PER_DOCUMENT = 10
QUERIES = 40
LIMIT_MS = 50


def lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def fill(passages: list[dict[str, Any]], size: int) -> None:
    """Publish so many passages, every other document in a collection that nobody sees."""
    from django.db import connection

    from documents.models import Collection, Document

    open_, hidden = (
        Collection.objects.create(name=f"{kind} {size}", slug=f"{kind}-{size}", visibility=kind)
        for kind in ("public", "restricted")
    )
    chosen = list(islice(cycle(passages), size))
    groups = [chosen[at : at + PER_DOCUMENT] for at in range(0, size, PER_DOCUMENT)]
    documents = Document.objects.bulk_create(
        [
            Document(collection=hidden if n % 2 else open_, external_id=str(n), type="txt",
                     version=1,
                     title=group[0]["module"], state="indexed",
                     metadata={"author": f"Author {n % 37}", "year": 1990 + n % 30})
            for n, group in enumerate(groups)
        ],
        batch_size=1000,
    )  # fmt: skip
    columns = '(document_id, version, ordinal, text, start, "end", headings)'
    with connection.cursor() as cursor, cursor.copy(
        f"COPY documents_passage {columns} FROM STDIN"
    ) as copy:  # fmt: skip
        for document, group in zip(documents, groups, strict=True):
            for n, row in enumerate(group):
                text = row["text"].replace("\0", "")
                copy.write_row((document.pk, 1, n, text, 0, len(text), json.dumps(row["path"])))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def index() -> None:
    """Bring the lexical index to the present state, on disk as a worker leaves it."""
    from documents.ingestion import publisher
    from documents.models import ChangeLogEntry, Document
    from retrieval.live_index.index import live_index

    publisher.log_changes(
        ChangeLogEntry.Kind.PUBLISHED, Document.objects.values_list("pk", flat=True)
    )
    started = time.perf_counter()
    live_index().compact()
    print(f"  indexed in {time.perf_counter() - started:.0f} s", flush=True)


def typed(count: int) -> list[str]:
    """Beginnings of queries, of every length from two letters on, in shuffled order."""
    written = [q for row in lines(FOLDER / "written_queries.jsonl.gz") for q in row["q"][:2]]
    random = np.random.default_rng(5)
    queries = [written[at] for at in random.permutation(len(written))[:count]]
    starts = [query[:end] for query in queries for end in range(2, min(len(query), 40))]
    return [starts[at] for at in random.permutation(len(starts))]


def measure(name: str, address: str, asked: list[dict[str, str]]) -> float:
    """Print and return the 95th percentile, after one pass over some to warm up."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    for parameters in asked[:20]:
        assert client.get(address, parameters).status_code == 200
    took = []
    busy = time.process_time()
    for parameters in asked:
        started = time.perf_counter()
        client.get(address, parameters)
        took.append(1000 * (time.perf_counter() - started))
    busy = 1000 * (time.process_time() - busy) / len(asked)
    p50, p95 = np.percentile(took, [50, 95])
    print(f"  {name:24} {len(asked)} answers  p50 {p50:6.1f} ms  p95 {p95:6.1f} ms  "
          f"longest {max(took):6.1f} ms  processor {busy:5.1f} ms", flush=True)  # fmt: skip
    return float(p95)


def main(sizes: list[int]) -> None:
    from django.contrib.auth.models import AnonymousUser
    from django.core.management import call_command

    from documents.models import Collection
    from retrieval.query.request import SearchRequest
    from retrieval.search.service import search_documents

    call_command("collectstatic", interactive=False, verbosity=0)  # pages name their files
    passages = lines(FOLDER / "passages.jsonl.gz")
    for size in sizes:
        print(f"{size:,} passages", flush=True)
        fill(passages, size)
        index()
        p95 = measure("suggestions", "/search/suggest", [{"q": start} for start in typed(QUERIES)])
        print(f"  {'within' if p95 <= LIMIT_MS else 'NOT within'} {LIMIT_MS} ms (p95)")
        for facets in ([], ["author"]):
            Collection.objects.update(facet_fields=facets)
            kept = search_documents(
                AnonymousUser(), SearchRequest("economic growth", mode="lexical")
            )
            asked = {"q": "economic growth", "mode": "lexical", "search_id": kept.search_id}
            measure(f"a kept page, facets {facets}", "/", [asked] * 40)
        Collection.objects.all().delete()


if __name__ == "__main__":
    if not FOLDER.is_dir():
        sys.exit(f"No passages in {FOLDER}: set BENCH_DATA.")
    with own_servers():
        main([int(size) for size in sys.argv[1:]] or [100_000])
