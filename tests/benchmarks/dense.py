"""The dense leg: exact scan against HNSW, by time, recall and size.

`python -m tests.benchmarks.dense [PASSAGES ...]`
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from tests.benchmarks._servers import own_servers

K = 100
QUERIES = 50


def timed(
    ask: Callable[..., Sequence[Any]], queries: Iterable[Any]
) -> tuple[list[set[int]], float]:
    """What each query finds, and the median time in milliseconds."""
    took, found = [], []
    for query in queries:
        started = time.perf_counter()
        hits = ask(vector=query)
        took.append(time.perf_counter() - started)
        found.append({hit.passage_id for hit in hits})
    return found, 1000 * statistics.median(took)


def main(sizes: list[int]) -> None:
    import numpy as np
    from django.conf import settings
    from django.db import connection

    from documents.embedding import spaces
    from documents.models import Collection
    from retrieval.dense import knn
    from retrieval.query.filters import Filters
    from retrieval.query.restriction import Restriction
    from tests.vectors import embeddings_like, fill, space

    for size in sizes:
        collection = Collection.objects.create(name=str(size), slug=str(size))
        fill([(collection, size)])
        started = time.perf_counter()
        spaces.ensure_hnsw_index(space())
        built = time.perf_counter() - started
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_relation_size(%s)", [spaces.hnsw_index_name(space())])
            index_mb = cursor.fetchone()[0] / 2**20
            cursor.execute("SELECT pg_total_relation_size('documents_passageembedding')")
            table_mb = cursor.fetchone()[0] / 2**20 - index_mb
        print(f"{size:>9,} passages: index built in {built:.0f} s, {index_mb:.0f} MB; "
              f"vectors {table_mb:.0f} MB")  # fmt: skip
        inside = Restriction(Filters(frozenset([collection.pk])))
        queries = embeddings_like(QUERIES, seed=99)
        ask = partial(
            knn.nearest_passages, space(), k=K, restriction=inside, passing=size, total=size
        )

        settings.EXACT_KNN_MAX_PASSAGES = size + 1
        exact, exact_ms = timed(ask, queries)
        print(f"{'exact scan':>16}  p50 {exact_ms:7.1f} ms")
        settings.EXACT_KNN_MAX_PASSAGES = 0
        for ef in (100, 200, 400, 800):
            settings.HNSW_EF_SEARCH = ef
            near, ms = timed(ask, queries)
            recall = np.mean([len(a & b) / K for a, b in zip(exact, near, strict=True)])
            print(f"{f'ef_search {ef}':>16}  p50 {ms:7.1f} ms  {exact_ms / ms:5.1f}x  "
                  f"recall@{K} {recall:.3f}")  # fmt: skip
        Collection.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP INDEX IF EXISTS {spaces.hnsw_index_name(space())}")
            cursor.execute(
                "TRUNCATE documents_passageembedding, documents_passage, documents_document CASCADE"
            )


if __name__ == "__main__":
    with own_servers():
        main([int(size) for size in sys.argv[1:]] or [20_000, 100_000])
