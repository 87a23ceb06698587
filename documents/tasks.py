"""Celery's side of ingestion: each task names a row and calls one function."""

from celery import shared_task

from documents import claims, originals, publishing, seats


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
