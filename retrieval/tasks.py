"""Upkeep that beat asks of the worker."""

from celery import shared_task

from documents import spaces
from retrieval import feedback
from retrieval.index import identified_index


@shared_task
def compact() -> None:
    """Write a snapshot of the lexical index when due, and the vector index once it is needed."""
    identified_index().compact()
    space = spaces.live()
    if space is not None:
        spaces.ensure_index(space)


@shared_task
def forget_logs() -> None:
    """Delete searches and openings that are older than they may be kept."""
    feedback.forget()
