"""Celery's side of ingestion: each task names a row and calls one function."""

from celery import shared_task

from documents import storage
from documents.auth import delete_old_events
from documents.ingestion import compact_log, recover_expired
from documents.ingestion.concurrency import run_when_slot_free


@shared_task(ignore_result=True)
def ingest_document(document_id: str) -> None:
    """Bring a document into the index; harmless when delivered twice or too late."""
    run_when_slot_free(document_id)


@shared_task(ignore_result=True)
def recover_documents() -> None:
    """Take up what a dead worker or a lost message left behind."""
    recover_expired()


@shared_task(ignore_result=True)
def delete_leftovers() -> None:
    """Delete what nobody needs any more: old changes, and what killed uploads left."""
    compact_log()
    storage.delete_stale_originals()


@shared_task(ignore_result=True)
def forget_audit_events() -> None:
    """Delete the audit log's events that are older than they may be kept."""
    delete_old_events()
