"""Late interaction: a query's token vectors against those of a passage.

MaxSim of Khattab and Zaharia, "ColBERT" (SIGIR 2020), with each query token weighted by how rare
its word is, and the best short window of the passage against the whole query. Neither needs more
than the token vectors of the embedding model.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from documents.inference.token_vectors import (
    WINDOW,
    StoredTokens,
    TokenProjection,
    decompress,
    holds_tokens,
)

Floats = NDArray[np.float32]
Span = tuple[int, int]
# Gives a weight for each word of a list: how much a match of the word counts.
TermWeights = Callable[[Sequence[str]], Sequence[float]]

# The window's share of the score; the rest is MaxSim's (docs/ranking.md).
WINDOW_SHARE = 0.4


@dataclass(frozen=True)
class TokenEmbeddings:
    """The token vectors of a text, without those of special tokens.

    `vectors` (pieces, d) are of unit length. `spans` are the spans of the pieces in the text, in
    code points, and `words` those of the words they belong to.
    """

    text: str
    vectors: Floats
    spans: Sequence[Span]
    words: Sequence[Span]


def uniform_weights(words: Sequence[str]) -> list[float]:
    """Equal weights for all words, and 0 for punctuation."""
    return [float(any(map(str.isalnum, word))) for word in words]


def maxsim_score(
    query: TokenEmbeddings, passage: TokenEmbeddings, weigh: TermWeights = uniform_weights
) -> float:
    """How well the passage answers the query, about 0 to 1; 0 if either is empty."""
    if not len(query.vectors) or not len(passage.vectors):
        return 0.0
    weights = piece_weights(query, weigh)
    best = (query.vectors @ passage.vectors.T).max(axis=1)
    return float(
        (1 - WINDOW_SHARE) * (best @ weights) + WINDOW_SHARE * _best_window(query, passage, weights)
    )


def compressed_scores(
    query: TokenEmbeddings,
    passages: Sequence[bytes],
    projection: TokenProjection,
    weigh: TermWeights = uniform_weights,
) -> list[float]:
    """`maxsim_score` of passages in their stored form, as far as the projection keeps dot products;
    the windows are those that are stored."""
    scores = dict.fromkeys(range(len(passages)), 0.0)
    full = [place for place, passage in enumerate(passages) if holds_tokens(passage)]
    if full and len(query.vectors):
        stored = decompress([passages[place] for place in full], len(projection.components))
        scores |= zip(full, _scores_of(query, stored, projection, weigh), strict=True)
    return list(scores.values())


def _scores_of(
    query: TokenEmbeddings, stored: StoredTokens, projection: TokenProjection, weigh: TermWeights
) -> list[float]:
    weights = piece_weights(query, weigh)
    mean = _unit(weights[None] @ query.vectors)
    products = stored.products(projection.project(np.concatenate([query.vectors, mean])))
    best = np.maximum.reduceat(products, stored.bounds.ravel(), axis=0)
    tokens, windows = best[0::2, :-1] @ weights, best[1::2, -1]
    return list(map(float, (1 - WINDOW_SHARE) * tokens + WINDOW_SHARE * windows))


def piece_weights(query: TokenEmbeddings, weigh: TermWeights) -> Floats:
    """The weights of a query's pieces, of sum 1: each word's, shared among its pieces."""
    words = list(dict.fromkeys(query.words))
    given = weigh([query.text[start:end] for start, end in words])
    pieces = {word: query.words.count(word) for word in words}
    by_word = {word: weight / pieces[word] for word, weight in zip(words, given, strict=True)}
    weights = np.asarray([by_word[word] for word in query.words], np.float32)
    total = float(weights.sum())
    return weights / total if total > 0 else np.full(len(weights), 1 / len(weights), np.float32)


def _best_window(query: TokenEmbeddings, passage: TokenEmbeddings, weights: Floats) -> float:
    """The greatest cosine of the query's mean with that of any WINDOW neighbouring pieces."""
    size = min(WINDOW, len(passage.vectors))
    sums = np.cumsum(passage.vectors, axis=0)
    windows = sums[size - 1 :].copy()
    windows[1:] -= sums[:-size]
    return float((_unit(windows) @ _unit(weights @ query.vectors)).max())


def best_span(
    query: TokenEmbeddings,
    passage: TokenEmbeddings,
    parts: Sequence[Span],
) -> Span | None:
    """The one of `parts` (spans of the passage's text) with the best score; None without any."""
    scores = [maxsim_score(query, _within(passage, part)) for part in parts]
    return parts[int(np.argmax(scores))] if scores and max(scores) > 0 else None


def _within(passage: TokenEmbeddings, part: Span) -> TokenEmbeddings:
    inside = [at for at, (start, end) in enumerate(passage.spans)
              if part[0] <= start and end <= part[1]]  # fmt: skip
    return TokenEmbeddings(
        passage.text,
        passage.vectors[inside],
        [passage.spans[at] for at in inside],
        [passage.words[at] for at in inside],
    )


def _unit(rows: NDArray[np.floating]) -> NDArray[np.floating]:
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    unit: NDArray[np.floating] = rows / np.maximum(lengths, 1e-12)
    return unit
