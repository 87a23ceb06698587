"""Upkeep that beat asks of the worker."""

from celery import shared_task

from documents.embedding import active_space, ensure_hnsw_index
from retrieval.feedback import delete_old_logs
from retrieval.live_index import identified_index


@shared_task
def compact() -> None:
    """Write a snapshot of the lexical index when due, and the vector index once it is needed."""
    identified_index().compact()
    space = active_space()
    if space is not None:
        ensure_hnsw_index(space)


@shared_task
def forget_logs() -> None:
    """Delete searches and openings that are older than they may be kept."""
    delete_old_logs()
