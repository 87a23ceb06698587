"""Nearest passages by vector in PostgreSQL: HNSW over halfvec, or an exact scan.

The index serves a search when most vectors pass its filter. A selective filter is served by an
exact scan of the vectors that pass, and so is a search for which the index returned too few
results: a filtered search never returns fewer results than exist.

The statements are SQL by hand. The ORM has neither MATERIALIZED, without which the planner would
filter before it asks the index, nor the cast to halfvec(n) that the partial index needs; the exact
cosines of 200 passages take 2.1 ms with `CosineDistance` and 0.9 ms so.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from numpy.typing import NDArray
from pgvector import Vector as PgVector

from documents.embedding import has_hnsw_index
from documents.models import EmbeddingSpace
from retrieval.hits import Hit
from retrieval.query import Restriction

FloatVector = NDArray[np.float32]

MAX_EF_SEARCH = 1000  # pgvector's own limit


def nearest_passages(
    space: EmbeddingSpace,
    vector: FloatVector,
    k: int,
    restriction: Restriction,
    *,
    passing: int,
    total: int,
    has_index: Callable[[EmbeddingSpace], bool] = has_hnsw_index,
) -> list[Hit]:
    """The `k` published passages nearest to `vector` by cosine, among those that pass.

    `vector`: float32 (d,), unit length. `passing` of `total` passages pass the restriction, as the
    lexical index counts them. Scores are cosines. Fewer than `k` come back only when fewer exist,
    or when the restriction's mask admits none of very many that are nearer.
    """
    if not restriction.filters.collections:
        return []
    wanted = k if passing >= total else int(k * total / max(passing, 1) * 1.3)
    selective = passing <= settings.EXACT_KNN_MAX_PASSAGES or wanted > MAX_EF_SEARCH
    if restriction.ids is None and not selective and has_index(space):
        near = _nearest_by_index(space, vector, wanted, restriction)
        hits = restriction.admitted(near, _passage_id)[:k]
        if len(hits) >= min(k, passing):
            return hits
    return restriction.first(
        k, lambda n: _nearest_exactly(space, vector, n, restriction), _passage_id
    )


def _passage_id(hit: Hit) -> int:
    return hit.passage_id


def exact_cosines(
    space: EmbeddingSpace, vector: FloatVector, passage_ids: Sequence[int]
) -> Mapping[int, float]:
    """Exact cosines of the passages that have a vector in `space`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT passage_id, 1 - (embedding <=> %s::vector) FROM documents_passageembedding"
            " WHERE space_id = %s AND passage_id = ANY(%s)",
            [PgVector(vector).to_text(), space.pk, list(passage_ids)],
        )
        return {int(passage): float(cosine) for passage, cosine in cursor.fetchall()}


def _nearest_exactly(
    space: EmbeddingSpace, vector: FloatVector, k: int, restriction: Restriction
) -> list[Hit]:
    """Order by the column itself, which no index covers, so that PostgreSQL scans what passes."""
    passing, params = _passing(restriction)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.passage_id, v.embedding <=> %s::vector AS distance"
            " FROM documents_passageembedding v"
            f" {passing} WHERE v.space_id = %s ORDER BY distance, v.passage_id LIMIT %s",
            [PgVector(vector).to_text(), *params, space.pk, k],
        )
        return [Hit(int(passage), 1 - float(distance)) for passage, distance in cursor.fetchall()]


def _nearest_by_index(
    space: EmbeddingSpace, vector: FloatVector, wanted: int, restriction: Restriction
) -> list[Hit]:
    """Ask the index for `wanted`, filter by columns, and order by the exact distance."""
    passing, params = _passing(restriction)
    size = f"halfvec({space.dimensions})"
    text = PgVector(vector).to_text()
    ef_search = min(max(2 * wanted, settings.HNSW_EF_SEARCH), MAX_EF_SEARCH)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL hnsw.ef_search = {ef_search}")
        cursor.execute(
            "WITH near AS MATERIALIZED ("
            "SELECT passage_id, embedding FROM documents_passageembedding"
            f" WHERE space_id = {space.pk} ORDER BY embedding::{size} <=> %s::{size} LIMIT %s)"
            " SELECT v.passage_id, v.embedding <=> %s::vector AS distance FROM near v"
            f" {passing} ORDER BY distance, v.passage_id",
            [text, wanted, text, *params],
        )
        return [Hit(int(passage), 1 - float(distance)) for passage, distance in cursor.fetchall()]


def _passing(restriction: Restriction) -> tuple[str, list[Any]]:
    """A JOIN of the vectors `v` with what the restriction lets pass, its mask apart."""
    documents = restriction.filters.by_columns().order_by().values("pk", "version")
    query, params = documents.query.sql_with_params()
    named = "" if restriction.ids is None else " AND c.id = ANY(%s)"
    ids = [] if restriction.ids is None else [list(restriction.ids)]
    return (
        f"JOIN documents_passage c ON c.id = v.passage_id{named}"
        f" JOIN ({query}) d (id, version) ON d.id = c.document_id AND d.version = c.version"
    ), [*ids, *params]
