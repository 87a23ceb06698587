"""Celery's side of ingestion: each task names a row and calls one function."""

import time
from contextlib import suppress

from celery import shared_task
from django.core.cache import caches
from redis.exceptions import RedisError

from documents import claims, originals, publishing, seats

WORKER_SEEN = "worker_seen"
# Longer than the pause between two signs of life by so much that one may be missed.
WORKER_SEEN_SECONDS = 60


@shared_task(ignore_result=True)
def ingest_document(document_id: str) -> None:
    """Bring a document into the index; harmless when delivered twice or too late."""
    seats.work_off(document_id)


@shared_task(ignore_result=True)
def sweep() -> None:
    """Take up what a dead worker or a lost message left behind."""
    claims.sweep()


@shared_task(ignore_result=True)
def tidy() -> None:
    """Delete what nobody needs any more: old changes, and what killed uploads left."""
    publishing.prune()
    originals.sweep()


def heartbeat() -> None:
    """A sign of life from the worker that calls it: the time, as seconds since 1970."""
    with suppress(RedisError):
        caches["status"].set(WORKER_SEEN, time.time(), WORKER_SEEN_SECONDS)
