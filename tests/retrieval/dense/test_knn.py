"""The dense leg over 20,000 passages: filtered searches come back full and close to exact ones."""

import numpy as np
import pytest
from numpy.typing import NDArray
from pytest_django import Settings

from documents.embedding import spaces
from documents.models import Collection, Passage
from retrieval.dense import knn
from retrieval.query.filters import Filters
from retrieval.query.restriction import Restriction
from tests.vectors import embeddings_like, fill, space

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.volume]
PASSAGES = 20_000
SHARES = {"one": 0.01, "ten": 0.10, "fifty": 0.50}
K = 100


class World:
    """The passages, by collection: `one` holds one percent, and so on; `rest` what is left."""

    def __init__(self) -> None:
        sizes = {name: int(PASSAGES * share) for name, share in SHARES.items()}
        sizes["rest"] = PASSAGES - sum(sizes.values())
        self.collections = {
            name: Collection.objects.create(name=name, slug=name, visibility="public")
            for name in sizes
        }
        self.sizes = sizes
        self.rows = fill([(self.collections[name], size) for name, size in sizes.items()])
        owners = dict(Passage.objects.values_list("pk", "document__collection_id"))
        self.ids = np.array(sorted(owners))
        self.owner = np.array([owners[pk] for pk in self.ids.tolist()])
        spaces.ensure_hnsw_index(space())

    def within(self, *names: str) -> frozenset[int]:
        return frozenset(self.collections[name].pk for name in names)

    def found(self, vector: NDArray[np.float32], *names: str) -> list[int]:
        passing = sum(self.sizes[name] for name in names)
        inside = Restriction(Filters(self.within(*names)))
        hits = knn.nearest_passages(space(), vector, K, inside, passing=passing, total=PASSAGES)
        return [hit.passage_id for hit in hits]

    def nearest(self, vector: NDArray[np.float32], *names: str) -> list[int]:
        """By brute force."""
        inside = np.isin(self.owner, list(self.within(*names)))
        order = np.argsort(-(self.rows[inside] @ vector), kind="stable")[:K]
        return [int(passage) for passage in self.ids[inside][order]]


def recall(world: World, *names: str) -> float:
    queries = embeddings_like(20, seed=99)
    shares = [len(set(world.found(q, *names)) & set(world.nearest(q, *names))) / K for q in queries]
    return float(np.mean(shares))


def test_filtered_searches_are_full_and_near_to_exact(settings: Settings) -> None:
    world = World()
    assert spaces.has_hnsw_index(space())
    everything = tuple(world.sizes)

    for names in (("one",), ("ten",), ("fifty",), everything):
        assert len(world.found(embeddings_like(1, seed=5)[0], *names)) == K
        assert recall(world, *names) >= 0.98

    # The same when nearly every search is left to the index.
    settings.EXACT_KNN_MAX_PASSAGES = 0
    for names in (("one",), ("ten",), ("fifty",), everything):
        assert len(world.found(embeddings_like(1, seed=5)[0], *names)) == K
        assert recall(world, *names) >= 0.98
