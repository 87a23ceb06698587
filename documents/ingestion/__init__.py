"""From an original to published passages: queue, leases, the pipeline, the change log."""

from documents.ingestion.concurrency import run_when_slot_free
from documents.ingestion.leases import recover_expired
from documents.ingestion.local_worker import wait_or_run
from documents.ingestion.pipeline import ingest
from documents.ingestion.publisher import (
    compact_log,
    delete_published,
    discard_unpublished,
    lock_changes,
    log_changes,
)
from documents.ingestion.queue import AWAY, check_queue_reachable, enqueue_documents, queue_length
from documents.ingestion.stats import (
    FinishedCounts,
    documents_by_state,
    finished_by_day,
    finished_by_hour,
)

__all__ = [
    "AWAY",
    "FinishedCounts",
    "check_queue_reachable",
    "compact_log",
    "delete_published",
    "discard_unpublished",
    "documents_by_state",
    "enqueue_documents",
    "finished_by_day",
    "finished_by_hour",
    "ingest",
    "lock_changes",
    "log_changes",
    "queue_length",
    "recover_expired",
    "run_when_slot_free",
    "wait_or_run",
]
