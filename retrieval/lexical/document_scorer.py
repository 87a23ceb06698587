"""The best documents by their best passages, and what all that match hold of a query's words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.hits import PASSAGES_OF_A_DOCUMENT, DocumentHits
from retrieval.lexical import kernels, masks
from retrieval.lexical.kernels import Bools, Floats, Hashes, Ints, Longs, readonly
from retrieval.lexical.masks import DocumentColumns
from retrieval.lexical.postings import QueryView
from retrieval.lexical.scorer import ScoreBuffer, Scoring

MOST_WORDS = 64  # of a query, by whose weight documents have shares
_ROUNDING = 1e-9  # of sums


@dataclass(frozen=True, slots=True)
class WordWeights:
    """The weight of each word of a query, and for each of its terms the bits of its words."""

    weights: Floats
    bits: Hashes

    @property
    def words(self) -> int:
        """How many words any visible passage has."""
        return int(np.count_nonzero(self.weights))

    def shares(self, held: Hashes) -> Floats:
        """What those who hold these words have of the whole weight."""
        found = np.empty(len(held), np.float64)
        kernels.sum_weights(held, self.weights, found)
        total = self.weights.sum()
        return found / total if total else np.ones(len(held))


def word_weights(view: QueryView, words: Sequence[range], passages: int) -> WordWeights:
    """The idf of each word by the document frequency of its commonest form, of so many passages;
    never negative (Lucene's). What stands nowhere has no weight. `words` is as long as the view's
    terms, or empty; only the first MOST_WORDS count."""
    count = min(max((each.stop for each in words), default=0), MOST_WORDS)
    df, bits = np.zeros(count), np.zeros(len(view.idf), np.uint64)
    for term, stands_for in enumerate(words):
        for word in stands_for[: max(count - stands_for.start, 0)]:
            df[word] = max(df[word], view.df[term])
            bits[term] |= np.uint64(1 << word)
    weights = np.log1p((passages - df + 0.5) / (df + 0.5)) * (df > 0)
    return WordWeights(weights, readonly(bits))


def best_documents(  # noqa: PLR0917
    view: QueryView,
    k1: float,
    k: int,
    allowed: Bools | None,
    scratch: ScoreBuffer,
    columns: DocumentColumns,
    weights: WordWeights,
) -> DocumentHits:
    """The best `k` documents with allowed passages that hold a term.

    Optional terms are only looked up in passages that they may bring among the best: the scores of
    other documents are without them.
    """
    scoring = Scoring(view, k1, allowed, scratch)
    groups = DocumentGroups(scoring, columns)
    documents, leaders = groups.of(scoring.candidates)
    shares = groups.shares(weights, len(documents))
    best = leaders
    if scoring.has_optional and k:
        near = groups.within_reach(leaders, k)
        places = groups.places(near)
        scratch.score[near] = scoring.with_optional(near)
        _, best = groups.of(near)
        leaders[places[np.searchsorted(near, best)]] = best
    passages = groups.best_passages(scoring.first(best, k))
    return DocumentHits(
        scoring.hits(passages),
        documents,
        scratch.score[leaders],
        kernels.ids_of(leaders, view.base_ids, view.more_ids),
        shares,
        weights.words,
    )


class DocumentGroups:
    """The documents that the candidates of a search belong to."""

    def __init__(self, scoring: Scoring, columns: DocumentColumns) -> None:
        self.scoring, self.columns = scoring, columns
        segment = columns.segment.passage_document
        self.owners = (columns.base.passages.document, segment, columns.before)
        self.ids = (scoring.view.base_ids, scoring.view.more_ids)
        self.most = len(columns.live)

    def of(self, passages: Ints) -> tuple[Longs, Ints]:
        """The numbers of the documents of some candidates, and the best of these in each."""
        scratch, most = self.scoring.scratch, min(len(passages), self.most)
        documents, leaders = np.empty(most, np.int64), np.empty(most, np.int32)
        scratch.document_epoch += 1
        found = kernels.group_documents(
            scratch.score, passages, *self.owners, *self.ids, scratch.document_epoch,
            scratch.document_stamp, scratch.document_place, documents, leaders,
        )  # fmt: skip
        return documents[:found], leaders[:found]

    def shares(self, weights: WordWeights, found: int) -> Floats:
        """What the documents that were grouped last, so many, hold of the weight of the words."""
        if weights.words < 2:  # then all have the same
            return np.ones(found)
        scratch, held = self.scoring.scratch, np.zeros(found, np.uint64)
        for part in self.scoring.parts:
            kernels.hold_words(
                part.passage, part.starts, part.ends, part.offset, weights.bits, *self.owners,
                scratch.document_epoch, scratch.document_stamp, scratch.document_place, held,
            )  # fmt: skip
        return weights.shares(held)

    def places(self, passages: Ints) -> Ints:
        """Where the documents of candidates stand among those that were grouped last."""
        owners = masks.owners(self.columns, passages.astype(np.int64))
        found: Ints = self.scoring.scratch.document_place[owners]
        return found

    def within_reach(self, leaders: Ints, k: int) -> Ints:
        """The candidates, ascending, of documents that may be among the best `k` once optional
        terms count.

        The `k` that are first without these have at least their scores with them.
        """
        scoring = self.scoring
        if 0 < k < len(leaders):
            first = np.sort(scoring.first(leaders, k))
            least = float(scoring.with_optional(first).min()) - scoring.most_optional
            least -= _ROUNDING * (1 + abs(least))
            leaders = kernels.at_least(scoring.scratch.score, leaders, least)
        return self._passages(np.sort(leaders))[0]

    def best_passages(self, leaders: Ints) -> Ints:
        """The best passages of the leaders' documents, document by document."""
        passages, bounds = self._passages(leaders)
        return kernels.best_of_each(
            self.scoring.scratch.score, passages, bounds, *self.ids, PASSAGES_OF_A_DOCUMENT
        )

    def _passages(self, leaders: Ints) -> tuple[Ints, Longs]:
        """The candidates among the passages of the leaders' documents, leader by leader, and where
        those of each begin."""
        scratch, count = self.scoring.scratch, len(self.scoring.candidates)
        passages, bounds = np.empty(count, np.int32), np.empty(len(leaders) + 1, np.int64)
        found = kernels.passages_of(
            leaders, *self.owners, scratch.epoch, scratch.stamp, passages, bounds
        )
        return passages[:found], bounds


def best_first(scores: Floats, ids: Longs, k: int) -> Longs:
    """The places of the best `k`, best first, ties by id."""
    if k < len(scores):
        least = np.partition(scores, len(scores) - k)[len(scores) - k] if k else np.inf
        places = np.flatnonzero(scores >= least)
    else:
        places = np.arange(len(scores))
    order = np.lexsort((ids[places], -scores[places]))[:k]
    found: Longs = places[order]
    return found
