"""More like this: a document's vector as the query."""

from uuid import UUID

import numpy as np
from django.db.models import F

from documents.models import EmbeddingSpace, PassageEmbedding
from retrieval.dense.knn import FloatVector

FIRST = 8  # passages: a document states its subject at its beginning


def document_vector(document: str, space: EmbeddingSpace) -> FloatVector | None:
    """The mean of its first vectors in `space`, float32 (d,), unit length; None without any.

    `filters_for` decides whether the caller may see the document.
    """
    rows = PassageEmbedding.objects.filter(
        space=space,
        passage__document=UUID(document),
        passage__version=F("passage__document__version"),
    ).order_by("passage__ordinal")
    vectors = [
        np.asarray(row, np.float32) for row in rows.values_list("embedding", flat=True)[:FIRST]
    ]
    if not vectors:
        return None
    mean: FloatVector = np.mean(vectors, axis=0, dtype=np.float32)
    length = float(np.linalg.norm(mean))
    return mean / length if length else None
