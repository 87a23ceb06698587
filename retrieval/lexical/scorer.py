"""Scores from a view of the index: of all candidates with the best k, or of given passages."""

from collections import deque
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.hits import Hit, LexicalHits
from retrieval.lexical import kernels
from retrieval.lexical.kernels import Bools, Floats, Ints, Longs, readonly
from retrieval.lexical.postings import QueryView

KEPT = 4  # scratches; the loops are bound by the cores, so more searches seldom run at once
_LAST_EPOCH = 2**31 - 1


@dataclass(slots=True)
class ScoreBuffer:
    """Working memory for one search at a time; stamps say which search wrote what beside them, so
    that nothing is cleared between searches."""

    stamp: Ints
    score: Floats
    candidates: Ints
    document_stamp: Ints
    document_place: Ints
    epoch: int = 0
    document_epoch: int = 0

    @classmethod
    def of(cls, size: int) -> "ScoreBuffer":
        """For so many passages, and as many documents."""
        stamps, others = np.zeros((2, size), np.int32), np.empty((2, size), np.int32)
        return cls(stamps[0], np.empty(size, np.float64), others[0], stamps[1], others[1])

    @property
    def spent(self) -> bool:
        """Whether stamps have no more numbers; a search takes a few for its documents."""
        return max(self.epoch, self.document_epoch) > _LAST_EPOCH - 9


class BufferPool:
    """Reuses score buffers, KEPT at most, of 24 bytes per passage each."""

    def __init__(self) -> None:
        self._free: deque[ScoreBuffer] = deque(maxlen=KEPT)  # append and pop are atomic

    def take(self, size: int) -> ScoreBuffer:
        """A buffer for at least `size` passages and documents, with a fresh epoch."""
        scratch = None
        with suppress(IndexError):
            scratch = self._free.pop()
        if scratch is None or len(scratch.stamp) < size or scratch.spent:
            scratch = ScoreBuffer.of(size + size // 8 + 16)
        scratch.epoch += 1
        return scratch

    def give(self, scratch: ScoreBuffer) -> None:
        """Return a buffer; if there are too many, the oldest is dropped."""
        self._free.append(scratch)


class Scoring:
    """The scores of one search, in a buffer that it has to itself.

    `candidates` are the passages that hold a term that is not optional. Optional terms, which stand
    in most passages, are looked up in those that are asked for.
    """

    def __init__(
        self, view: QueryView, k1: float, allowed: Bools | None, scratch: ScoreBuffer
    ) -> None:
        self.view, self.k1, self.scratch = view, k1, scratch
        self.allowed = view.visible if allowed is None else readonly(allowed[: len(view.visible)])
        self.parts = [part for part in view.parts if part.sizes.any()]
        self.has_optional = bool(view.optional.any())
        self.candidates = scratch.candidates[: self._find()]

    def _find(self) -> int:
        view, scratch, count = self.view, self.scratch, 0
        for part in self.parts:
            count = kernels.accumulate(
                part.passage, part.tf, part.starts, part.ends, view.idf, view.optional, part.length,
                view.norms, self.k1, part.offset, view.live, self.allowed, scratch.epoch,
                scratch.stamp, scratch.score, scratch.candidates, count,
            )  # fmt: skip
        return count

    @property
    def most_optional(self) -> float:
        """The most that optional terms may add to a score."""
        weights = self.view.idf[self.view.optional]
        return float(np.maximum(weights, 0).sum()) * (self.k1 + 1)

    def with_optional(self, passages: Ints) -> Floats:
        """The scores of some candidates, ascending, with what optional terms add."""
        view, scores = self.view, self.scratch.score[passages]
        for part in self.parts:
            kernels.add_optional(
                passages, part.passage, part.tf, part.starts, part.ends, view.idf, view.optional,
                part.length, view.norms, self.k1, part.offset, scores,
            )  # fmt: skip
        return scores

    def first(self, passages: Ints, k: int) -> Ints:
        """The best `k` of some candidates, best first, ties by id."""
        return kernels.select(
            self.scratch.score, passages, self.view.base_ids, self.view.more_ids, max(k, 0)
        )

    def hits(self, passages: Ints) -> list[Hit]:
        """The passages with their ids and scores."""
        ids = kernels.ids_of(passages, self.view.base_ids, self.view.more_ids)
        return list(map(Hit, ids.tolist(), self.scratch.score[passages].tolist()))


def best(
    view: QueryView, k1: float, k: int, allowed: Bools | None, scratch: ScoreBuffer
) -> LexicalHits:
    """The best `k` allowed passages that hold a term."""
    scoring = Scoring(view, k1, allowed, scratch)
    passages = _scored(scoring)
    return LexicalHits(scoring.hits(scoring.first(passages, k)), len(passages))


def everything(view: QueryView, k1: float, scratch: ScoreBuffer) -> Floats:
    """The scores of all live passages, in order of their numbers."""
    passages = _scored(Scoring(view, k1, None, scratch))
    scores = np.zeros(len(view.live), np.float64)
    scores[passages] = scratch.score[passages]
    return scores if view.live.all() else scores[view.live]


def _scored(scoring: Scoring) -> Ints:
    """All candidates, their scores with what optional terms add."""
    if not scoring.has_optional:
        return scoring.candidates
    passages = np.sort(scoring.candidates)
    scoring.scratch.score[passages] = scoring.with_optional(passages)
    return passages


def term_frequencies(view: QueryView, numbers: Longs) -> tuple[NDArray[np.int32], Floats]:
    """For passage numbers (-1: none) the matrix [passage, term] of frequencies, and norms."""
    tf = np.zeros((len(numbers), len(view.idf)), np.int32)
    norms = np.ones(len(numbers), np.float64)
    for part in view.parts:
        local = numbers - part.offset
        inside = np.flatnonzero((local >= 0) & (local < len(part.length)) & (numbers >= 0))
        wanted = readonly(local[inside].astype(np.int32))
        found = np.zeros((len(inside), len(view.idf)), np.int32)
        kernels.frequencies(wanted, part.passage, part.tf, part.starts, part.ends, found)
        tf[inside] += found  # stems and words are two parts of the same passages
        norms[inside] = view.norms[part.length[wanted]]
    return tf, norms


def shares(view: QueryView, k1: float, numbers: Longs) -> tuple[NDArray[np.int32], Floats]:
    """The matrices [passage, term] of term frequencies and of what each adds to the score."""
    tf, norms = term_frequencies(view, numbers)
    parts = np.zeros(tf.shape, np.float64)
    held = tf > 0
    denominator = tf + norms[:, None]
    np.divide(tf * (k1 + 1), denominator, out=parts, where=held)
    return tf, parts * view.idf


def summed(parts: Floats) -> Floats:
    """Row sums, added from left to right as the library adds, not pairwise as numpy does."""
    scores = np.zeros(len(parts), np.float64)
    for column in parts.T:
        scores += column
    return scores
