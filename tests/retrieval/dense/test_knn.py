"""The dense leg over 20,000 passages: filtered searches come back full and close to exact ones."""

from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray
from pytest_django import Settings

from documents.embedding import spaces
from documents.models import Collection, Document, Passage, PassageEmbedding
from retrieval.dense import knn
from retrieval.hits import PASSAGES_OF_A_DOCUMENT
from retrieval.query.filters import Filters
from retrieval.query.restriction import Restriction
from tests.vectors import PER_DOCUMENT, embeddings_like, fill, space

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

    def most(self, *names: str) -> int:
        """How many passages there are to find, where a document brings few of its own."""
        documents = sum(self.sizes[name] for name in names) // PER_DOCUMENT
        return min(K, documents * PASSAGES_OF_A_DOCUMENT)

    def found(self, vector: NDArray[np.float32], *names: str) -> list[int]:
        passing = sum(self.sizes[name] for name in names)
        inside = Restriction(Filters(self.within(*names)))
        hits = knn.nearest_passages(
            space(), vector, K, inside, passing=passing, documents=passing // PER_DOCUMENT,
            total=PASSAGES,
        )  # fmt: skip
        return [hit.passage_id for hit in hits]

    def nearest(self, vector: NDArray[np.float32], *names: str) -> list[int]:
        """By brute force."""
        inside = np.isin(self.owner, list(self.within(*names)))
        order = np.argsort(-(self.rows[inside] @ vector), kind="stable")
        seen: Counter[int] = Counter()
        kept = []
        for passage in self.ids[inside][order].tolist():
            seen[(passage - self.ids[0]) // PER_DOCUMENT] += 1
            if seen[(passage - self.ids[0]) // PER_DOCUMENT] <= PASSAGES_OF_A_DOCUMENT:
                kept.append(passage)
        return kept[:K]


def recall(world: World, *names: str) -> float:
    queries = embeddings_like(20, seed=99)
    both = [set(world.found(q, *names)) & set(world.nearest(q, *names)) for q in queries]
    return float(np.mean([len(each) for each in both])) / world.most(*names)


def test_filtered_searches_are_full_and_near_to_exact(settings: Settings) -> None:
    world = World()
    assert spaces.has_hnsw_index(space())
    everything = tuple(world.sizes)

    for names in (("one",), ("ten",), ("fifty",), everything):
        assert len(world.found(embeddings_like(1, seed=5)[0], *names)) == world.most(*names)
        assert recall(world, *names) >= 0.98

    # The same when nearly every search is left to the index.
    settings.EXACT_KNN_MAX_PASSAGES = 0
    for names in (("one",), ("ten",), ("fifty",), everything):
        assert len(world.found(embeddings_like(1, seed=5)[0], *names)) == world.most(*names)
        assert recall(world, *names) >= 0.98


def test_one_long_document_near_the_query_leaves_room_for_others(settings: Settings) -> None:
    shelf = Collection.objects.create(name="shelf", slug="shelf", visibility="public")
    fill([(shelf, 12_000)])
    vector = embeddings_like(1, seed=5)[0]
    long = Document.objects.get(title="0")
    extra = Passage.objects.bulk_create(
        Passage(document=long, version=1, ordinal=n, text="near", start=0, end=4)
        for n in range(PER_DOCUMENT, 1200)
    )
    PassageEmbedding.objects.bulk_create(
        PassageEmbedding(passage=passage, space=space(), embedding=vector) for passage in extra
    )
    spaces.ensure_hnsw_index(space())
    inside = Restriction(Filters(frozenset([shelf.pk])))

    for most_scanned in (20_000, 0):
        settings.EXACT_KNN_MAX_PASSAGES = most_scanned
        hits = knn.nearest_passages(
            space(), vector, K, inside, passing=13_190, documents=1200, total=13_190
        )
        assert len(hits) == K
        own = Passage.objects.filter(pk__in=[h.passage_id for h in hits], document=long).count()
        assert own == PASSAGES_OF_A_DOCUMENT
