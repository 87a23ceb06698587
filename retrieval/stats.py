"""The sizes of the indexes and the slowest searches, for the status page."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Avg, Count, Max
from django.utils import timezone

from documents.embedding import active_space, hnsw_index_name
from retrieval.live_index import current_index, live_index
from retrieval.models import SearchLog

SLOWEST = 10
DAYS = 7


@dataclass(frozen=True)
class IndexSizes:
    """The numbers of passages in the lexical index and of vectors in the active space; the other
    sizes are bytes on disk. `graph` is None without an HNSW index."""

    passages: int
    vectors: int
    snapshot: int
    table: int
    graph: int | None


def index_sizes() -> IndexSizes:
    space = active_space()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_table_size('documents_passageembedding'), pg_relation_size(to_regclass(%s)),"
            " (SELECT count(*) FROM documents_passageembedding WHERE space_id = %s)",
            [hnsw_index_name(space) if space else "", space.pk if space else None],
        )
        table, graph, vectors = cursor.fetchone()
    return IndexSizes(
        passages=current_index().passage_count,
        vectors=vectors,
        snapshot=live_index().snapshots.size,
        table=table,
        graph=graph,
    )


@dataclass(frozen=True)
class SlowSearch:
    """A query, how often it was searched, and its slowest and mean time in milliseconds."""

    query: str
    times: int
    worst: float
    mean: float


def slowest_searches() -> list[SlowSearch]:
    """The queries of the last week whose slowest search took longest."""
    since = timezone.localdate() - timedelta(days=DAYS - 1)
    queries = SearchLog.objects.filter(day__gte=since).values("query")
    counted = queries.annotate(times=Count("pk"), worst=Max("took_ms"), mean=Avg("took_ms"))
    return [SlowSearch(**row) for row in counted.order_by("-worst", "query")[:SLOWEST]]
