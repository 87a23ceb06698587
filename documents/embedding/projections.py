"""The projection of each space's token vectors: shipped for known models, else fitted once."""

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from cachetools import TTLCache
from django.db import connection

from documents.chunking import indexed_text
from documents.embedding.registry import model_of_space
from documents.errors import ModelUnavailable
from documents.inference.encoder import EncodedPassage
from documents.inference.token_vectors import TokenProjection, compress, fit_projection
from documents.models import EmbeddingSpace, PassageEmbedding, TokenComponents

# One file for each model, named as the last part of its hub id, of half-precision components.
SHIPPED = Path(__file__).parent / "token_components"
SHIPPED_DIMENSIONS = 384
# Passages that a projection is fitted to: some 100 token vectors each.
SAMPLE = 400

# So often a process looks whether another has fitted one.
LOOK_SECONDS = 60

_lock = threading.Lock()
# By database and space: an evaluation uses several databases in one process.
_known: dict[tuple[str, int], TokenProjection] = {}
_without: "TTLCache[tuple[str, int], bool]" = TTLCache(100, LOOK_SECONDS)


def projection_of(space: EmbeddingSpace) -> TokenProjection | None:
    """The space's projection; the shipped one becomes its own at first use. None before
    `ensure_projection` has fitted one."""
    key = _key(space)
    if key in _known or key in _without:
        return _known.get(key)
    found = _stored(space) or _shipped(space)
    with _lock:
        if found is None:
            _without[key] = True
        else:
            _known[key] = found
    return found


def ensure_projection(space: EmbeddingSpace) -> None:
    """Fit a projection to passages of the space once it holds enough of them."""
    if projection_of(space) is not None:
        return
    held = PassageEmbedding.objects.filter(space=space).order_by("?")
    texts = held.values_list("passage__document__title", "passage__headings", "passage__text")
    sample = [indexed_text(*text) for text in texts[:SAMPLE]]
    if len(sample) < SAMPLE:
        return
    try:
        encoded = model_of_space(space).embed_tokens(sample)
    except ModelUnavailable:
        return
    _store(space, fit_projection(np.concatenate([one.tokens for one in encoded])))
    _without.pop(_key(space), None)


def compressed_tokens(
    encoded: Sequence[EncodedPassage | None], space: EmbeddingSpace
) -> list[bytes | None]:
    """The stored form of each passage's tokens; None for None, and while the space has no
    projection."""
    projection = projection_of(space)
    if projection is None:
        return [None] * len(encoded)
    return [None if one is None else compress(one.tokens, projection) for one in encoded]


def _key(space: EmbeddingSpace) -> tuple[str, int]:
    return str(connection.settings_dict["NAME"]), space.pk


def _stored(space: EmbeddingSpace) -> TokenProjection | None:
    row = TokenComponents.objects.filter(space=space).first()
    if row is None:
        return None
    return TokenProjection.from_bytes(bytes(row.components), space.dimensions)


def _shipped(space: EmbeddingSpace) -> TokenProjection | None:
    file = SHIPPED / f"{space.model.partition('@')[0].rpartition('/')[2]}.bin"
    if not file.is_file() or space.dimensions != SHIPPED_DIMENSIONS:
        return None
    return _store(space, TokenProjection.from_bytes(file.read_bytes(), space.dimensions))


def _store(space: EmbeddingSpace, projection: TokenProjection) -> TokenProjection:
    """The projection that the space has from now on: the first one that is stored."""
    TokenComponents.objects.bulk_create(
        [TokenComponents(space=space, components=projection.to_bytes())], ignore_conflicts=True
    )
    return _stored(space) or projection
