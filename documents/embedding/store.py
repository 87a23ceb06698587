"""Writing and reading the passages' vectors."""

from collections.abc import Sequence

from django.db import connection
from pgvector import Vector as PgVector

from documents.inference.encoder import Vectors
from documents.models import EmbeddingSpace, Passage, PassageEmbedding

# In binary: as text, the numbers of a small document cost more than all its statements.
COPY = (
    "COPY documents_passageembedding (passage_id, space_id, embedding, tokens)"
    " FROM STDIN (FORMAT BINARY)"
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


def store_vectors(
    passages: Sequence[Passage],
    space: EmbeddingSpace,
    rows: Sequence[Vectors] | Vectors,
    tokens: Sequence[bytes | None] = (),
) -> None:
    """A row of `rows`, float32 (n, dimensions), and compressed token vectors for each passage."""
    tokens = tokens or [None] * len(passages)
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.set_types(("int8", "int8", "bytea", "bytea"))  # a vector is sent as it is
        for passage, row, its in zip(passages, rows, tokens, strict=True):
            copy.write_row((passage.pk, space.pk, PgVector(row).to_binary(), its))


def load_tokens(passage_ids: Sequence[int], space: EmbeddingSpace) -> dict[int, bytes]:
    """The compressed token vectors of those passages that have them."""
    rows = PassageEmbedding.objects.filter(
        passage__in=passage_ids, space=space, tokens__isnull=False
    ).values_list("passage_id", "tokens")
    return {passage: bytes(tokens) for passage, tokens in rows if tokens is not None}
