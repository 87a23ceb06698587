"""Collections, documents, passages, embeddings, API tokens, the change log and the audit log."""

from documents.models.api_tokens import ApiToken, TokenScope, TokenUser
from documents.models.audit import AuditEvent
from documents.models.documents import Collection, CollectionMember, Document, error_columns
from documents.models.passages import (
    ChangeLogEntry,
    EmbeddingSpace,
    Extraction,
    Passage,
    PassageEmbedding,
    TokenComponents,
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
    "TokenComponents",
    "TokenScope",
    "TokenUser",
    "error_columns",
]
