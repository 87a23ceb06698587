"""The scheduled tasks of retrieval."""

from celery import shared_task

from documents.embedding import active_space, ensure_hnsw_index, ensure_projection
from retrieval.feedback import delete_old_logs, delete_old_searches
from retrieval.live_index import delete_outdated_snapshots, identified_index


@shared_task
def compact() -> None:
    """Write a snapshot of the lexical index if due, and once needed build the vector index and fit
    the projection of token vectors."""
    identified_index().compact()
    space = active_space()
    if space is not None:
        ensure_hnsw_index(space)
        ensure_projection(space)


@shared_task
def delete_old_data() -> None:
    """Delete searches and clicks that are older than the settings say, and snapshots of earlier
    versions."""
    delete_old_logs()
    delete_old_searches()
    delete_outdated_snapshots()
