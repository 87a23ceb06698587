"""The dense leg: nearest vectors in PostgreSQL, by HNSW over halfvec or by an exact scan.

The index answers only where most vectors pass the filter. A selective filter is answered by an
exact scan of what passes, and so is a search to which the index gave a short answer, so that a
filtered search never comes back short while matches exist.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from numpy.typing import NDArray
from pgvector import Vector as PgVector

from documents.models import Space
from documents.spaces import has_index
from retrieval.entries import Hit
from retrieval.filters import Filters

FloatVector = NDArray[np.float32]

MAX_EF_SEARCH = 1000  # pgvector's own limit


def search(
    space: Space, vector: FloatVector, k: int, filters: Filters, *, passing: int, total: int
) -> list[Hit]:
    """The `k` published chunks nearest to `vector` by cosine, among those that pass `filters`.

    `vector`: float32 (d,), unit length. `passing` of `total` chunks pass the filters, as the
    lexical index counts them. Scores are cosines. Fewer than `k` come back only when fewer exist.
    """
    wanted = k if passing >= total else int(k * total / max(passing, 1) * 1.3)
    if has_index(space) and passing > settings.EXACT_KNN_MAX_PASSAGES and wanted <= MAX_EF_SEARCH:
        hits = _nearest_by_index(space, vector, k, wanted, filters)
        if len(hits) >= min(k, passing):
            return hits
    return _nearest_exactly(space, vector, k, filters)


def score(space: Space, vector: FloatVector, chunk_ids: Sequence[int]) -> Mapping[int, float]:
    """Exact cosines of the chunks that have a vector in `space`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT chunk_id, 1 - (vector <=> %s::vector) FROM documents_vector"
            " WHERE space_id = %s AND chunk_id = ANY(%s)",
            [PgVector(vector).to_text(), space.pk, list(chunk_ids)],
        )
        return {int(chunk): float(cosine) for chunk, cosine in cursor.fetchall()}


def _nearest_exactly(space: Space, vector: FloatVector, k: int, filters: Filters) -> list[Hit]:
    """Order by the column itself, which no index covers, so that PostgreSQL scans what passes."""
    where, params = _passing(filters)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.chunk_id, v.vector <=> %s::vector AS distance FROM documents_vector v"
            " JOIN documents_chunk c ON c.id = v.chunk_id"
            f" JOIN documents_document d ON d.id = c.document_id AND d.version = c.version {where}"
            " AND v.space_id = %s ORDER BY distance, v.chunk_id LIMIT %s",
            [PgVector(vector).to_text(), *params, space.pk, k],
        )
        return [Hit(int(chunk), 1 - float(distance)) for chunk, distance in cursor.fetchall()]


def _nearest_by_index(
    space: Space, vector: FloatVector, k: int, wanted: int, filters: Filters
) -> list[Hit]:
    """Ask the index for more than `k`, filter, and order by the exact distance."""
    where, params = _passing(filters)
    size = f"halfvec({space.dimensions})"
    text = PgVector(vector).to_text()
    ef_search = min(max(2 * wanted, settings.HNSW_EF_SEARCH), MAX_EF_SEARCH)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL hnsw.ef_search = {ef_search}")
        cursor.execute(
            "WITH near AS MATERIALIZED (SELECT chunk_id, vector FROM documents_vector"
            f" WHERE space_id = {space.pk} ORDER BY vector::{size} <=> %s::{size} LIMIT %s)"
            " SELECT v.chunk_id, v.vector <=> %s::vector AS distance FROM near v"
            " JOIN documents_chunk c ON c.id = v.chunk_id"
            f" JOIN documents_document d ON d.id = c.document_id AND d.version = c.version {where}"
            " ORDER BY distance, v.chunk_id LIMIT %s",
            [text, wanted, text, *params, k],
        )
        return [Hit(int(chunk), 1 - float(distance)) for chunk, distance in cursor.fetchall()]


def _passing(filters: Filters) -> tuple[str, list[Any]]:
    """The filters as a WHERE clause over `d`; the engine has turned the rest into documents."""
    clauses = ["d.collection_id = ANY(%s)"]
    params: list[Any] = [list(filters.collections)]
    if filters.types:
        clauses.append("d.type = ANY(%s)")
        params.append(list(filters.types))
    if filters.written_in:
        clauses.append("d.language = ANY(%s)")
        params.append(list(filters.written_in))
    if filters.years:
        clauses.append("d.year = ANY(%s)")
        params.append(list(filters.years))
    if filters.documents is not None:
        clauses.append("d.id = ANY(%s::uuid[])")
        params.append(list(filters.documents))
    if filters.without_documents:
        clauses.append("NOT d.id = ANY(%s::uuid[])")
        params.append(list(filters.without_documents))
    return "WHERE " + " AND ".join(clauses), params
