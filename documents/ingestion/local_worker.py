"""Ingestion for commands that wait for it: by the workers if they run, else in this process."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from django.conf import settings
from django.db import connection

from documents.embedding import load_embedder
from documents.ingestion.pipeline import ingest
from documents.models import Document

POLL_SECONDS = 0.5
AT_ONCE = 1000
FINISHED = (Document.State.INDEXED, Document.State.FAILED)

OnProgress = Callable[[int], None]


def run_inline(
    ids: Iterable[UUID], done: OnProgress = lambda _: None, threads: int | None = None
) -> None:
    """Ingest documents in threads of this process, and call `done(n)` as they finish."""
    load_embedder()
    waiting = iter([str(pk) for pk in ids])
    lock = threading.Lock()
    count = threads or settings.WORKER_CONCURRENCY
    workers = [
        threading.Thread(target=_run_waiting, args=(waiting, lock, done)) for _ in range(count)
    ]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()


def _run_waiting(waiting: Iterator[str], lock: threading.Lock, done: OnProgress) -> None:
    try:
        while True:
            with lock:
                document_id = next(waiting, None)
            if document_id is None:
                return
            ingest(document_id, batch=True)
            with lock:
                done(1)
    finally:
        connection.close()


def wait_until_done(ids: list[UUID], done: OnProgress = lambda _: None) -> None:
    """Wait until workers have finished all documents, and call `done(n)` as they finish."""
    left = set(ids)
    while left:
        finished = _finished(left)
        left -= finished
        done(len(finished))
        if left:
            time.sleep(POLL_SECONDS)


def _finished(ids: set[UUID]) -> set[UUID]:
    """The documents that are indexed, failed or deleted."""
    unfinished: set[UUID] = set()
    every = list(ids)
    for first in range(0, len(every), AT_ONCE):
        rows = Document.objects.live().filter(pk__in=every[first : first + AT_ONCE])
        unfinished.update(rows.exclude(state__in=FINISHED).values_list("pk", flat=True))
    return ids - unfinished


def wait_or_run(ids: list[UUID], by_worker: bool, done: OnProgress = lambda _: None) -> None:
    """Wait for the workers, or ingest here, retries included."""
    if by_worker:
        wait_until_done(ids, done)
        return
    run_inline(ids, done)
    while left := list(
        Document.objects.live()
        .filter(pk__in=ids, state=Document.State.QUEUED)
        .values_list("pk", flat=True)
    ):
        time.sleep(1)
        run_inline(left)
