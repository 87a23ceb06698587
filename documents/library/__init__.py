"""Changes by users: upload, update, move and delete documents, and manage collections."""

from documents.library.collections import (
    CHUNKING_FIELDS,
    create_collection,
    delete_collection,
    leads_to_wider_audience,
    move_documents,
    opens_to_more_people,
    save_collection,
)
from documents.library.members import (
    add_member,
    change_member,
    record_member_change,
    remove_member,
)
from documents.library.quotas import QuotaUse, is_exempt, quota_use
from documents.library.reindex import reindex_documents, retry_documents
from documents.library.samples import add_samples
from documents.library.trash import (
    purge_documents,
    purge_expired,
    restore_documents,
    trash_documents,
)
from documents.library.uploads import (
    IntakeError,
    QueueUnavailable,
    UploadResult,
    add_child,
    add_file,
    add_text,
    update_document,
)

__all__ = [
    "CHUNKING_FIELDS",
    "IntakeError",
    "QueueUnavailable",
    "QuotaUse",
    "UploadResult",
    "add_child",
    "add_file",
    "add_member",
    "add_samples",
    "add_text",
    "change_member",
    "create_collection",
    "delete_collection",
    "is_exempt",
    "leads_to_wider_audience",
    "move_documents",
    "opens_to_more_people",
    "purge_documents",
    "purge_expired",
    "quota_use",
    "record_member_change",
    "reindex_documents",
    "remove_member",
    "restore_documents",
    "retry_documents",
    "save_collection",
    "trash_documents",
    "update_document",
]
