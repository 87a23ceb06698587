"""Writing the passages' vectors."""

from collections.abc import Sequence

from documents.encoder import Vectors
from documents.models import Chunk, Space, Vector


def missing(chunks: Sequence[Chunk], space: Space, *, fresh: bool) -> list[Chunk]:
    """Those without a vector in the space. `fresh` ones were just made, so none is looked for."""
    if fresh:
        return list(chunks)
    have = set(
        Vector.objects.filter(chunk__in=chunks, space=space).values_list("chunk_id", flat=True)
    )
    return [chunk for chunk in chunks if chunk.pk not in have]


def store(chunks: Sequence[Chunk], space: Space, rows: Vectors) -> None:
    """One row of `rows` for each chunk, float32 (n, dimensions)."""
    Vector.objects.bulk_create(
        [
            Vector(chunk=chunk, space=space, vector=row)
            for chunk, row in zip(chunks, rows, strict=True)
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
