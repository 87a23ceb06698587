"""Hidden passages that are nearer to the query take no place of those that the caller may see."""

import numpy as np
import pytest
from pytest_django import Settings

from documents.embedding import spaces
from documents.models import Collection, Document, Passage, PassageEmbedding
from retrieval.dense import knn
from retrieval.query.filters import Filters
from retrieval.query.restriction import Restriction
from tests.vectors import embeddings_like, space

pytestmark = pytest.mark.django_db(transaction=True)
QUERY = embeddings_like(1, seed=5)[0]
K = 50


def add(slug: str, count: int, distance: float) -> Collection:
    """So many documents of one passage, in a collection, about so far from the query."""
    shelf, _ = Collection.objects.get_or_create(slug=slug, defaults={"name": slug})
    documents = Document.objects.bulk_create(
        Document(
            collection=shelf, external_id=f"{distance} {n}", title=str(n), type="txt",
            state="indexed", version=1,
        )
        for n in range(count)
    )  # fmt: skip
    passages = Passage.objects.bulk_create(
        Passage(document=one, version=1, ordinal=0, text="text", start=0, end=4)
        for one in documents
    )
    noise = np.random.default_rng(count).standard_normal((count, len(QUERY))) * distance
    PassageEmbedding.objects.bulk_create(
        PassageEmbedding(passage=passage, space=space(), embedding=(QUERY + row).tolist())
        for passage, row in zip(passages, noise, strict=True)
    )
    return shelf


def test_nearer_hidden_passages_leave_as_many_visible_ones(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EXACT_KNN_MAX_PASSAGES = 0
    monkeypatch.setattr(spaces, "INDEX_FROM", 1)
    inside = Restriction(Filters(frozenset([add("shelf", 300, 0.05).pk])))
    add("vault", 100, 0.01)
    add("vault", 200, 0.2)
    assert spaces.ensure_hnsw_index(space())

    hits = knn.nearest_passages(space(), QUERY, K, inside, passing=300, documents=300, total=600)
    assert len(hits) == K
