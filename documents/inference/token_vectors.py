"""A passage's token vectors in a few kilobytes, for late interaction.

Each vector is projected on the first principal components of its model's token vectors, the tokens
of a passage are pooled by Ward's method (Clavié, Chaffin, Adams: "Reducing the Footprint of
Multi-Vector Retrieval with Minimal Performance Impact via Token Pooling", 2024), and all numbers of
a passage are stored in int8 by one scale. Rows keep the length that projection and mean leave them:
a row that stands for less of its tokens counts for less. Means of neighbouring tokens, for the best
window of a passage, are stored behind them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from struct import Struct

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

COMPONENTS = 128
# One stored row for so many tokens.
POOLING = 3
# Windows of so many tokens have a row of their own, one at every STRIDE tokens.
WINDOW = 32
STRIDE = 8
# The number of rows of tokens, and of windows, and the scale of the numbers.
HEADER = Struct("<HHf")


@dataclass(frozen=True, eq=False)
class TokenProjection:
    """The principal components of a model's token vectors: float32 (components, dimensions)."""

    components: Floats

    def project(self, rows: Floats) -> Floats:
        """Rows of as many numbers as there are components; dot products are nearly kept."""
        return np.asarray(rows @ self.components.T, np.float32)

    def to_bytes(self) -> bytes:
        """Half precision; `from_bytes` reads it."""
        return self.components.astype("<f2").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes, dimensions: int) -> "TokenProjection":
        return cls(np.frombuffer(data, "<f2").reshape(-1, dimensions).astype(np.float32))


def fit_projection(rows: Floats, components: int = COMPONENTS) -> TokenProjection:
    """The components that keep most of the dot products of `rows` (n, dimensions), n large.

    The rows are not centred: scores are dot products, not distances from a mean.
    """
    _, vectors = np.linalg.eigh(rows.T.astype(np.float64) @ rows)
    return TokenProjection(np.ascontiguousarray(vectors[:, ::-1][:, :components].T, np.float32))


def compress(rows: Floats, projection: TokenProjection) -> bytes:
    """The stored form of the token vectors of one passage, unit rows (tokens, dimensions)."""
    pooled, windows = _pooled(projection.project(rows)), _windows(rows, projection)
    stored = np.concatenate([pooled, windows])
    scale = float(np.abs(stored).max(initial=0.0)) / 127 or 1.0
    numbers = np.rint(stored / scale).astype(np.int8)
    return HEADER.pack(len(pooled), len(windows), scale) + numbers.tobytes()


def _pooled(tokens: Floats) -> Floats:
    """The means of clusters of tokens of like direction."""
    wanted = -(-len(tokens) // POOLING)
    if wanted < 2:
        return tokens.mean(axis=0, keepdims=True) if len(tokens) else tokens
    from scipy.cluster.hierarchy import fcluster, ward

    members = fcluster(ward(_unit(tokens)), wanted, "maxclust") - 1
    sums = np.zeros((int(members.max()) + 1, tokens.shape[1]), np.float32)
    np.add.at(sums, members, tokens)
    counts = np.bincount(members)[:, None]
    return np.asarray(sums / counts, np.float32)


def _windows(rows: Floats, projection: TokenProjection) -> Floats:
    """The means of the windows; one of all tokens in a short passage."""
    size = min(WINDOW, len(rows))
    if not size:
        return projection.project(rows)
    sums = np.concatenate([np.zeros((1, rows.shape[1]), np.float32), np.cumsum(rows, axis=0)])
    starts = np.unique(np.append(np.arange(0, len(rows) - size, STRIDE), len(rows) - size))
    return projection.project(_unit(sums[starts + size] - sums[starts]))


@dataclass(frozen=True, eq=False)
class StoredTokens:
    """The rows of many passages, one after another: int8 numbers as float32 (rows, components).

    `bounds` (passages, 2) says where the rows of a passage's tokens start, and those of its
    windows; no passage is without either. `scales` (rows,) are what the rows are multiplied with.
    """

    rows: Floats
    bounds: NDArray[np.int64]
    scales: Floats

    def products(self, vectors: Floats) -> Floats:
        """With each of `vectors` (n, components): float32 (rows, n)."""
        return (self.rows @ vectors.T) * self.scales[:, None]


def decompress(stored: Sequence[bytes], components: int) -> StoredTokens:
    """What `compress` wrote of passages that have tokens (`holds_tokens`)."""
    headers = [HEADER.unpack_from(data) for data in stored]
    counts = np.asarray([header[:2] for header in headers], np.int64).reshape(-1, 2)
    scales = np.asarray([header[2] for header in headers], np.float32)
    packed = b"".join(memoryview(data)[HEADER.size :] for data in stored)
    rows = np.frombuffer(packed, np.int8).reshape(-1, components).astype(np.float32)
    starts = np.cumsum(counts) - counts.ravel()
    return StoredTokens(rows, starts.reshape(-1, 2), np.repeat(scales, counts.sum(axis=1)))


def holds_tokens(stored: bytes) -> bool:
    """False for the form of a text without tokens."""
    return len(stored) > HEADER.size


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-12), np.float32)
