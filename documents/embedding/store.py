"""Writing the passages' vectors."""

from collections.abc import Sequence

from django.db import connection
from pgvector import Vector as PgVector

from documents.inference.encoder import Vectors
from documents.models import EmbeddingSpace, Passage, PassageEmbedding

# In binary: as text, the numbers of a small document cost more than all its statements.
COPY = (
    "COPY documents_passageembedding (passage_id, space_id, embedding) FROM STDIN (FORMAT BINARY)"
)


def passages_to_embed(passages: Sequence[Passage], space: EmbeddingSpace) -> list[Passage]:
    """The passages without a vector in the space; all of them on a document's first attempt."""
    again = [passage for passage in passages if passage.document.attempts]
    if not again:
        return list(passages)
    have = set(
        PassageEmbedding.objects.filter(passage__in=again, space=space).values_list(
            "passage_id", flat=True
        )
    )
    return [passage for passage in passages if passage.pk not in have]


def store_vectors(passages: Sequence[Passage], space: EmbeddingSpace, rows: Vectors) -> None:
    """One row of `rows` for each passage, float32 (n, dimensions)."""
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.set_types(("int8", "int8", "bytea"))  # the last is sent as it is
        for passage, row in zip(passages, rows, strict=True):
            copy.write_row((passage.pk, space.pk, PgVector(row).to_binary()))
