"""Celery's side of ingestion: each task names a row and calls one function."""

from celery import shared_task

from documents import storage
from documents.ingestion import compact_log, recover_expired
from documents.ingestion.concurrency import run_when_slot_free
from documents.library import purge_expired


@shared_task(ignore_result=True)
def ingest_document(document_id: str) -> None:
    """Bring a document into the index; harmless when delivered twice or too late."""
    run_when_slot_free(document_id)


@shared_task(ignore_result=True)
def recover_documents() -> None:
    """Take up what a dead worker or a lost message left behind."""
    recover_expired()


@shared_task(ignore_result=True)
def purge_trash() -> None:
    """Delete for good what has been in the trash for TRASH_DAYS."""
    purge_expired()


@shared_task(ignore_result=True)
def delete_leftovers() -> None:
    """Delete what nobody needs any more: old changes, and what killed uploads left."""
    compact_log()
    storage.delete_stale_originals()
