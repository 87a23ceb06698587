"""More like this: a document as a query, by the vectors of its first passages."""

from uuid import UUID

import numpy as np
from django.db.models import F

from documents.models import EmbeddingSpace, PassageEmbedding
from retrieval.dense.knn import FloatVector

FIRST = 8  # passages, in which a document says what it is about


def document_vector(document: str, space: EmbeddingSpace) -> FloatVector | None:
    """The mean of its vectors in `space`, float32 (d,), unit length; None where it has none.

    Whether the caller may see the document is for `filters_for` to say.
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
