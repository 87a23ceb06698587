"""Many passages with vectors at once, for tests and benchmarks of the dense leg."""

import uuid

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from pgvector import Vector as PgVector

from documents.models import Collection, Document, EmbeddingSpace

Vectors = NDArray[np.float32]
DIMENSIONS = 384
PER_DOCUMENT = 10


def embeddings_like(count: int, seed: int = 7, rank: int = 48) -> Vectors:
    """float32 (count, 384), rows of unit length, that lie near a few dozen directions, as those of
    real texts do."""
    random = np.random.default_rng(seed)
    topics = random.standard_normal((rank, DIMENSIONS)).astype(np.float32)
    rows = random.standard_normal((count, rank)).astype(np.float32) @ topics
    rows += 0.3 * random.standard_normal((count, DIMENSIONS)).astype(np.float32) * rank**0.5
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def space() -> EmbeddingSpace:
    return EmbeddingSpace.objects.get_or_create(
        model="synthetic", revision="1", pooling="mean", dimensions=DIMENSIONS,
        precision="float32", defaults={"is_active": True},
    )[0]  # fmt: skip


def fill(collections: list[tuple[Collection, int]], seed: int = 7) -> Vectors:
    """Publish so many passages in each collection, ten in a document, in shuffled order.

    Returns their vectors by passage id, counted from the first: row i is passage `first + i`.
    """
    counts = np.concatenate([np.full(n // PER_DOCUMENT, c.pk) for c, n in collections])
    np.random.default_rng(seed).shuffle(counts)
    rows = embeddings_like(len(counts) * PER_DOCUMENT, seed)
    documents = [
        Document(id=uuid.UUID(int=i + 1), collection_id=int(pk), external_id=str(i), title=str(i),
                 type="txt", state="indexed", version=1)
        for i, pk in enumerate(counts)
    ]  # fmt: skip
    Document.objects.bulk_create(documents, batch_size=2000)
    place = space()
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM documents_passage")
        first = int(cursor.fetchone()[0])
        with cursor.copy(
            "COPY documents_passage"
            ' (id, document_id, version, ordinal, text, start, "end", headings)'
            " FROM STDIN"
        ) as copy:
            for i in range(len(rows)):
                owner = documents[i // PER_DOCUMENT].pk
                copy.write_row((first + i, owner, 1, i % PER_DOCUMENT, "text", 0, 4, "[]"))
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('documents_passage', 'id'), %s)",
            [first + len(rows) - 1],
        )
        with cursor.copy(
            "COPY documents_passageembedding (passage_id, space_id, embedding) FROM STDIN"
        ) as copy:
            for i, row in enumerate(rows):
                copy.write_row((first + i, place.pk, PgVector(row).to_text()))
        cursor.execute("ANALYZE documents_document, documents_passage, documents_passageembedding")
    return rows
