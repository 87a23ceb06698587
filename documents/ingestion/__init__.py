"""From an original to published passages: queue, leases, pipeline, change log.

The modules that do the work (`pipeline`, `concurrency`, `local_worker`) load numpy and more. Only
processes that ingest import them, by their names; processes that only enqueue stay small.
"""

from documents.ingestion.leases import recover_expired
from documents.ingestion.publisher import (
    compact_log,
    delete_published,
    discard_unpublished,
    lock_changes,
    log_changes,
)
from documents.ingestion.queue import (
    DATABASE_UNAVAILABLE,
    check_queue_reachable,
    enqueue_documents,
    queue_length,
)
from documents.ingestion.stats import (
    FinishedCounts,
    documents_by_state,
    finished_by_day,
    finished_by_hour,
)

__all__ = [
    "DATABASE_UNAVAILABLE",
    "FinishedCounts",
    "check_queue_reachable",
    "compact_log",
    "delete_published",
    "discard_unpublished",
    "documents_by_state",
    "enqueue_documents",
    "finished_by_day",
    "finished_by_hour",
    "lock_changes",
    "log_changes",
    "queue_length",
    "recover_expired",
]
