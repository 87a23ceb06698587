"""Nearest passages by vector in PostgreSQL: HNSW over halfvec, or an exact scan.

The index serves a search when most vectors pass its filter. A selective filter is served by an
exact scan of the vectors that pass, and so is a search for which the index returned too few
results: a filtered search never returns fewer results than exist. Of each document only the nearest
PASSAGES_OF_A_DOCUMENT passages count, so that no long document uses up the results.

The statements are SQL by hand. The ORM has neither MATERIALIZED, without which the planner would
filter before it asks the index, nor the cast to halfvec(n) that the partial index needs; the exact
cosines of 200 passages take 2.1 ms with `CosineDistance` and 0.9 ms so.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from numpy.typing import NDArray
from pgvector import Vector as PgVector

from documents.embedding import has_hnsw_index
from documents.models import EmbeddingSpace
from retrieval.hits import PASSAGES_OF_A_DOCUMENT, Hit
from retrieval.query import Restriction

FloatVector = NDArray[np.float32]

MAX_EF_SEARCH = 1000  # pgvector's own limit
ENOUGH_DOCUMENTS = 25  # a first page, and more


def nearest_passages(
    space: EmbeddingSpace,
    vector: FloatVector,
    k: int,
    restriction: Restriction,
    *,
    passing: int,
    documents: int,
    total: int,
    has_index: Callable[[EmbeddingSpace], bool] = has_hnsw_index,
) -> list[Hit]:
    """The `k` published passages nearest to `vector` by cosine, among those that pass, and of each
    document no more than PASSAGES_OF_A_DOCUMENT.

    `vector`: float32 (d,), unit length. `passing` of `total` passages, of `documents`, pass the
    restriction, as the lexical index counts them. Scores are cosines. Fewer than `k` come back only
    when fewer exist, when the restriction's mask admits none of very many that are nearer, or when
    the passages of ENOUGH_DOCUMENTS fill all that the vector index gives.
    """
    if not restriction.filters.collections:
        return []
    wanted = k if passing >= total else int(k * total / max(passing, 1) * 1.3)
    selective = passing <= settings.EXACT_KNN_MAX_PASSAGES or wanted > MAX_EF_SEARCH
    if restriction.ids is None and not selective and has_index(space):
        near = _by_growing_index_search(space, vector, k, wanted, restriction)
        rows = _few_of_each(near)
        reached = len({row.document for row in rows})
        filled = len(near) >= min(k, passing) and reached >= min(documents, ENOUGH_DOCUMENTS)
        if filled or len(rows) >= min(k, passing):
            return [row.hit for row in rows[:k]]
    found = restriction.first(
        k, lambda n: _nearest_exactly(space, vector, n, restriction), _passage_id
    )
    return [row.hit for row in found]


@dataclass(frozen=True, slots=True)
class _Row:
    """A passage near the query, and whose it is."""

    hit: Hit
    document: UUID


def _passage_id(row: _Row) -> int:
    return row.hit.passage_id


def _by_growing_index_search(
    space: EmbeddingSpace, vector: FloatVector, k: int, wanted: int, restriction: Restriction
) -> list[_Row]:
    """The nearest rows of the index that pass: more are asked for while what does not pass, or the
    passages of a few documents, leave fewer than `k`."""
    while True:
        near = _nearest_by_index(space, vector, wanted, restriction)
        admitted = restriction.admitted(near, _passage_id)
        if len(_few_of_each(admitted)) >= k or wanted == MAX_EF_SEARCH:
            return admitted
        wanted = min(4 * wanted, MAX_EF_SEARCH)


def _few_of_each(rows: Iterable[_Row]) -> list[_Row]:
    """The first PASSAGES_OF_A_DOCUMENT of each document, in order."""
    seen: Counter[UUID] = Counter()
    kept = []
    for row in rows:
        seen[row.document] += 1
        if seen[row.document] <= PASSAGES_OF_A_DOCUMENT:
            kept.append(row)
    return kept


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
) -> list[_Row]:
    """Order by the column itself, which no index covers, so that PostgreSQL scans what passes."""
    passing, params = _passing(restriction)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH near AS MATERIALIZED ("
            "SELECT v.passage_id, c.document_id, v.embedding <=> %s::vector AS distance"
            f" FROM documents_passageembedding v {passing} WHERE v.space_id = %s),"
            " placed AS (SELECT *, row_number() OVER"
            " (PARTITION BY document_id ORDER BY distance, passage_id) AS place FROM near)"
            " SELECT passage_id, document_id, distance FROM placed WHERE place <= %s"
            " ORDER BY distance, passage_id LIMIT %s",
            [PgVector(vector).to_text(), *params, space.pk, PASSAGES_OF_A_DOCUMENT, k],
        )
        return _rows(cursor.fetchall())


def _nearest_by_index(
    space: EmbeddingSpace, vector: FloatVector, wanted: int, restriction: Restriction
) -> list[_Row]:
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
            " SELECT v.passage_id, c.document_id, v.embedding <=> %s::vector AS distance"
            " FROM near v"
            f" {passing} ORDER BY distance, v.passage_id",
            [text, wanted, text, *params],
        )
        return _rows(cursor.fetchall())


def _rows(fetched: Iterable[tuple[int, UUID, float]]) -> list[_Row]:
    return [_Row(Hit(int(p), 1 - float(distance)), document) for p, document, distance in fetched]


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
