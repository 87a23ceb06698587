"""Writing the passages' vectors."""

from collections.abc import Sequence

from django.db import connection
from pgvector import Vector as PgVector

from documents.embedding.encoder import Vectors
from documents.models import EmbeddingSpace, Passage, PassageEmbedding

# In binary: as text, the numbers of a small document cost more than all its statements.
COPY = "COPY documents_vector (chunk_id, space_id, vector) FROM STDIN (FORMAT BINARY)"


def passages_to_embed(chunks: Sequence[Passage], space: EmbeddingSpace) -> list[Passage]:
    """Those without a vector in the space; a document's first attempt has none to look for."""
    again = [chunk for chunk in chunks if chunk.document.attempts]
    if not again:
        return list(chunks)
    have = set(
        PassageEmbedding.objects.filter(chunk__in=again, space=space).values_list(
            "chunk_id", flat=True
        )
    )
    return [chunk for chunk in chunks if chunk.pk not in have]


def store_vectors(chunks: Sequence[Passage], space: EmbeddingSpace, rows: Vectors) -> None:
    """One row of `rows` for each chunk, float32 (n, dimensions)."""
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.set_types(("int8", "int8", "bytea"))  # the last is sent as it is
        for chunk, row in zip(chunks, rows, strict=True):
            copy.write_row((chunk.pk, space.pk, PgVector(row).to_binary()))
