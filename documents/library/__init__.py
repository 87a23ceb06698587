"""Changes by users: upload, update, move and delete documents, and manage collections."""

from documents.library.collections import (
    CHUNKING_FIELDS,
    delete_collection,
    move_documents,
    save_collection,
)
from documents.library.quotas import QuotaUse, is_exempt, quota_use
from documents.library.samples import add_samples
from documents.library.uploads import (
    IntakeError,
    QueueUnavailable,
    UploadResult,
    add_file,
    add_text,
    delete_documents,
    reindex_documents,
    retry_documents,
    update_document,
)

__all__ = [
    "CHUNKING_FIELDS",
    "IntakeError",
    "QueueUnavailable",
    "QuotaUse",
    "UploadResult",
    "add_file",
    "add_samples",
    "add_text",
    "delete_collection",
    "delete_documents",
    "is_exempt",
    "move_documents",
    "quota_use",
    "reindex_documents",
    "retry_documents",
    "save_collection",
    "update_document",
]
