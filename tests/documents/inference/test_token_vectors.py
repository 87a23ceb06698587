"""The stored form of token vectors: small, and near to what it was made of."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.inference.token_vectors import (
    POOLING,
    STRIDE,
    WINDOW,
    Floats,
    TokenProjection,
    compress,
    decompress,
    fit_projection,
    holds_tokens,
)
from tests.properties import examples

DIMENSIONS, COMPONENTS = 48, 16


def tokens(count: int, seed: int = 0) -> Floats:
    """Unit rows that lie near a subspace of COMPONENTS dimensions, as a model's tokens do."""
    random = np.random.default_rng(seed)
    basis = np.random.default_rng(99).standard_normal((COMPONENTS, DIMENSIONS))
    rows = random.standard_normal((count, COMPONENTS)) @ basis
    rows += 0.05 * random.standard_normal(rows.shape)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@pytest.fixture(scope="module")
def projection() -> TokenProjection:
    return fit_projection(tokens(2000, seed=1), COMPONENTS)


def test_the_projection_keeps_the_cosines_of_vectors_it_was_not_fitted_to(
    projection: TokenProjection,
) -> None:
    rows = tokens(200, seed=2)
    kept = projection.project(rows)
    assert np.abs(kept @ kept.T - rows @ rows.T).max() < 0.05


def test_a_projection_is_read_as_it_was_written(projection: TokenProjection) -> None:
    again = TokenProjection.from_bytes(projection.to_bytes(), DIMENSIONS)
    assert again.components.shape == (COMPONENTS, DIMENSIONS)
    assert np.abs(again.components - projection.components).max() < 1e-3


@examples(30)
@given(counts=st.lists(st.integers(1, 120), min_size=1, max_size=4))
def test_every_token_has_a_stored_row_near_it_and_every_passage_its_own(
    counts: list[int],
) -> None:
    projection = fit_projection(tokens(2000, seed=1), COMPONENTS)
    passages = [tokens(count, seed=seed) for seed, count in enumerate(counts)]
    stored = decompress([compress(rows, projection) for rows in passages], COMPONENTS)
    ends = [*stored.bounds[1:, 0], len(stored.rows)]
    for rows, (start, windows), end in zip(passages, stored.bounds, ends, strict=True):
        pooled = -(-len(rows) // POOLING)
        assert 1 <= windows - start <= pooled
        assert end - windows == len(range(0, max(len(rows) - WINDOW, 0), STRIDE)) + 1
        own = stored.products(projection.project(rows))[start:windows]
        # A row stands for its cluster: it is nearer to its members than a random one (0).
        assert own.max(axis=0).mean() > 0.25


def test_one_token_is_stored_to_a_hundredth(projection: TokenProjection) -> None:
    rows = tokens(1)
    stored = decompress([compress(rows, projection)], COMPONENTS)
    assert stored.products(projection.project(rows)) == pytest.approx(np.ones((2, 1)), abs=0.02)


def test_a_text_without_tokens_has_a_form_that_says_so(projection: TokenProjection) -> None:
    assert not holds_tokens(compress(tokens(0), projection))
    assert holds_tokens(compress(tokens(1), projection))


def test_the_form_takes_a_byte_for_each_number() -> None:
    projection = fit_projection(tokens(2000, seed=1), COMPONENTS)
    data = compress(tokens(96), projection)
    windows = (96 - WINDOW) // STRIDE + 1
    assert len(data) <= 8 + (96 // POOLING + windows) * COMPONENTS
