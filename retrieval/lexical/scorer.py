"""Scores from a view of the index: of all candidates with the best k, or of given passages."""

from collections import deque
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.hits import PASSAGES_OF_A_DOCUMENT, DocumentHits, Hit, LexicalHits
from retrieval.lexical import kernels
from retrieval.lexical.kernels import Bools, Floats, Ints, Longs, readonly
from retrieval.lexical.masks import DocumentColumns
from retrieval.lexical.postings import QueryView

KEPT = 4  # scratches; the loops are bound by the cores, so more searches seldom run at once
_LAST_EPOCH = 2**31 - 1


@dataclass(slots=True)
class ScoreBuffer:
    """Working memory for one search at a time; `stamp` says which search wrote a score."""

    stamp: Ints
    score: Floats
    candidates: Ints
    epoch: int = 0


class BufferPool:
    """Reuses score buffers, KEPT at most, of 16 bytes per passage each."""

    def __init__(self) -> None:
        self._free: deque[ScoreBuffer] = deque(maxlen=KEPT)  # append and pop are atomic

    def take(self, size: int) -> ScoreBuffer:
        """A buffer for at least `size` passages, with a fresh epoch."""
        scratch = None
        with suppress(IndexError):
            scratch = self._free.pop()
        if scratch is None or len(scratch.stamp) < size or scratch.epoch >= _LAST_EPOCH:
            room = size + size // 8 + 16
            scratch = ScoreBuffer(
                np.zeros(room, np.int32), np.empty(room, np.float64), np.empty(room, np.int32)
            )
        scratch.epoch += 1
        return scratch

    def give(self, scratch: ScoreBuffer) -> None:
        """Return a buffer; if there are too many, the oldest is dropped."""
        self._free.append(scratch)


def accumulate_scores(
    view: QueryView, k1: float, allowed: Bools | None, scratch: ScoreBuffer
) -> int:
    """Score every allowed passage that holds a term; returns how many there are."""
    mask = view.visible if allowed is None else readonly(allowed[: len(view.visible)])
    count = 0
    for part in view.parts:
        count = kernels.accumulate(
            part.passage, part.tf, part.starts, part.ends, view.idf, view.optional, part.length,
            view.norms, k1, part.offset, view.live, mask, scratch.epoch, scratch.stamp,
            scratch.score, scratch.candidates, count,
        )  # fmt: skip
    return count


def best(
    view: QueryView, k1: float, k: int, allowed: Bools | None, scratch: ScoreBuffer
) -> LexicalHits:
    """The best `k` allowed passages that hold a term."""
    count = accumulate_scores(view, k1, allowed, scratch)
    ids, scores = kernels.select(
        scratch.score, scratch.candidates, count, view.base_ids, view.more_ids, max(k, 0)
    )
    hits = [Hit(*pair) for pair in zip(ids.tolist(), scores.tolist(), strict=True)]
    return LexicalHits(hits, count)


def best_documents(  # noqa: PLR0917
    view: QueryView,
    k1: float,
    k: int,
    allowed: Bools | None,
    scratch: ScoreBuffer,
    columns: DocumentColumns,
) -> DocumentHits:
    """The best `k` documents with allowed passages that hold a term."""
    count = accumulate_scores(view, k1, allowed, scratch)
    place = (
        scratch.score, scratch.candidates, count, columns.base.passages.document,
        columns.segment.passage_document, columns.before, view.base_ids, view.more_ids,
    )  # fmt: skip
    slot = np.full(len(columns.live), -1, np.int32)
    most = min(count, len(slot))
    documents, best, ids = np.empty(most, np.int64), np.empty(most), np.empty(most, np.int64)
    found = kernels.group_documents(*place, slot, documents, best, ids)
    chosen = _first(best[:found], ids[:found], max(k, 0))
    slot[documents[:found]] = -1
    slot[documents[chosen]] = np.arange(len(chosen), dtype=np.int32)
    shape = (len(chosen), PASSAGES_OF_A_DOCUMENT)
    passages, scores, held = (
        np.zeros(shape, np.int64),
        np.zeros(shape),
        np.zeros(shape[0], np.int32),
    )
    kernels.best_passages(*place, slot, passages, scores, held)
    there = np.arange(PASSAGES_OF_A_DOCUMENT) < held[:, None]
    pairs = zip(passages[there].tolist(), scores[there].tolist(), strict=True)
    hits = [Hit(*pair) for pair in pairs]
    return DocumentHits(hits, found, documents[:found])


def _first(scores: Floats, ids: Longs, k: int) -> Longs:
    """The places of the best `k`, best first, ties by id."""
    if k < len(scores):
        least = np.partition(scores, len(scores) - k)[len(scores) - k] if k else np.inf
        places = np.flatnonzero(scores >= least)
    else:
        places = np.arange(len(scores))
    order = np.lexsort((ids[places], -scores[places]))[:k]
    found: Longs = places[order]
    return found


def everything(view: QueryView, k1: float, scratch: ScoreBuffer) -> Floats:
    """The scores of all live passages, in order of their numbers."""
    count = accumulate_scores(view, k1, None, scratch)
    found = scratch.candidates[:count]
    scores = np.zeros(len(view.live), np.float64)
    scores[found] = scratch.score[found]
    return scores if view.live.all() else scores[view.live]


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
