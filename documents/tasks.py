"""The Celery tasks of ingestion: each calls one function."""

from celery import shared_task

from documents import storage
from documents.auth import delete_old_events
from documents.ingestion import compact_log, recover_expired
from documents.ingestion.concurrency import run_when_slot_free
from documents.library import purge_expired


@shared_task(ignore_result=True)
def ingest_document(document_id: str) -> None:
    """Ingest a document; harmless when delivered twice or too late."""
    run_when_slot_free(document_id)


@shared_task(ignore_result=True)
def recover_documents() -> None:
    """Queue again documents of dead workers and documents whose message was lost."""
    recover_expired()


@shared_task(ignore_result=True)
def purge_trash() -> None:
    """Delete for good what has been in the trash for TRASH_DAYS."""
    purge_expired()


@shared_task(ignore_result=True)
def delete_leftovers() -> None:
    """Delete old rows of the change log, and the files that killed uploads left."""
    compact_log()
    storage.delete_stale_originals()


@shared_task(ignore_result=True)
def delete_old_audit_events() -> None:
    """Delete the audit log's events that are older than they may be kept."""
    delete_old_events()
