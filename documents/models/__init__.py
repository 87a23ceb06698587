"""Collections, documents, their passages and vectors, and the log of what was published."""

from documents.models.index import Change, Chunk, Extraction, Space, Vector
from documents.models.library import Collection, Document, Member, error_columns
from documents.models.tokens import ApiToken

__all__ = [
    "ApiToken",
    "Change",
    "Chunk",
    "Collection",
    "Document",
    "Extraction",
    "Member",
    "Space",
    "Vector",
    "error_columns",
]
