"""Collections, documents, their passages and vectors, and the log of what was published."""

from documents.models.api_tokens import ApiToken
from documents.models.audit import AuditEvent
from documents.models.documents import Collection, CollectionMember, Document, error_columns
from documents.models.passages import (
    ChangeLogEntry,
    EmbeddingSpace,
    Extraction,
    Passage,
    PassageEmbedding,
)
from documents.models.permissions import Role

__all__ = [
    "ApiToken",
    "AuditEvent",
    "ChangeLogEntry",
    "Collection",
    "CollectionMember",
    "Document",
    "EmbeddingSpace",
    "Extraction",
    "Passage",
    "PassageEmbedding",
    "Role",
    "error_columns",
]
