"""The projection of a space's token vectors: shipped, or fitted once, and then the space's own."""

import numpy as np
import pytest
from django.db import connection

from documents.embedding import (
    compressed_tokens,
    configured_model,
    ensure_projection,
    load_tokens,
    projection_of,
    projections,
)
from documents.inference.token_vectors import COMPONENTS, compress
from documents.models import Collection, EmbeddingSpace, Passage, TokenComponents
from tests.retrieval.rows import passages

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projections, "_known", {})
    projections._without.clear()


def other_space() -> EmbeddingSpace:
    return EmbeddingSpace.objects.create(
        model="somebody/else", revision="1", pooling="mean", dimensions=384, precision="int8"
    )


def test_the_default_models_projection_is_there_from_the_first_passage_on() -> None:
    space = configured_model().space()
    projection = projection_of(space)
    assert projection and projection.components.shape == (COMPONENTS, 384)
    # Principal components: orthonormal, to the precision they are stored in.
    assert projection.components @ projection.components.T == pytest.approx(
        np.eye(COMPONENTS), abs=0.01
    )
    encoded = configured_model().embed_tokens(["The pump stops.", ""])
    stored = compressed_tokens(encoded, space)
    assert stored == [compress(one.tokens, projection) for one in encoded]


def test_a_projection_stays_what_it_was_when_the_shipped_one_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    space = configured_model().space()
    before = projection_of(space)
    monkeypatch.setattr(projections, "_known", {})
    monkeypatch.setattr(projections, "_shipped", lambda _: None)
    after = projection_of(space)
    assert before and after
    assert (after.components == before.components).all()


def test_a_space_of_another_database_does_not_take_the_projection_of_this_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    space = configured_model().space()
    assert projection_of(space) is not None
    monkeypatch.setitem(connection.settings_dict, "NAME", "elsewhere")
    monkeypatch.setattr(projections, "_stored", lambda _: None)
    monkeypatch.setattr(projections, "_shipped", lambda _: None)
    assert projection_of(space) is None


def test_another_model_has_none_until_enough_of_its_passages_are_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    space = other_space()
    assert projection_of(space) is None
    encoded = configured_model().embed_tokens(["The pump stops."])
    assert compressed_tokens(encoded, space) == [None]

    monkeypatch.setattr(projections, "SAMPLE", 3)
    monkeypatch.setattr(projections, "model_of_space", lambda _: configured_model())
    shelf = Collection.objects.create(name="Shelf", slug="shelf")
    store(passages(shelf, "One", "The pump stops."), space)
    ensure_projection(space)
    assert projection_of(space) is None  # too few

    for title in ("Two", "Three"):
        store(passages(shelf, title, f"{title} pumps and valves in a long row of words."), space)
    ensure_projection(space)
    assert projection_of(space) is not None
    ensure_projection(space)
    assert TokenComponents.objects.filter(space=space).count() == 1


def store(ids: list[int], space: EmbeddingSpace) -> None:
    from documents.embedding import store_vectors

    rows = list(Passage.objects.filter(pk__in=ids).order_by("pk"))
    encoded = configured_model().embed_tokens([row.text for row in rows])
    store_vectors(
        rows, space, [one.vector for one in encoded], [b"of " + row.text.encode() for row in rows]
    )


def test_token_vectors_are_loaded_of_their_space_alone() -> None:
    shelf = Collection.objects.create(name="Shelf", slug="shelf")
    ids = passages(shelf, "One", "The pump stops.")
    mine, other = configured_model().space(), other_space()
    store(ids, mine)
    assert load_tokens(ids, mine) == {ids[0]: b"of The pump stops."}
    assert load_tokens(ids, other) == {}
