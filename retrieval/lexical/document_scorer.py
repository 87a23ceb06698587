"""The best documents by their best passages, each with few of these."""

import numpy as np

from retrieval.hits import PASSAGES_OF_A_DOCUMENT, DocumentHits
from retrieval.lexical import kernels
from retrieval.lexical.kernels import Bools, Ints, Longs
from retrieval.lexical.masks import DocumentColumns
from retrieval.lexical.postings import QueryView
from retrieval.lexical.scorer import ScoreBuffer, Scoring

_ROUNDING = 1e-9  # of sums


def best_documents(  # noqa: PLR0917
    view: QueryView,
    k1: float,
    k: int,
    allowed: Bools | None,
    scratch: ScoreBuffer,
    columns: DocumentColumns,
) -> DocumentHits:
    """The best `k` documents with allowed passages that hold a term.

    Optional terms are only looked up in passages that they may bring among the best.
    """
    scoring = Scoring(view, k1, allowed, scratch)
    groups = DocumentGroups(scoring, columns)
    documents, leaders = groups.of(scoring.candidates)
    if scoring.has_optional:
        near = groups.within_reach(leaders, k)
        scratch.score[near] = scoring.with_optional(near)
        _, leaders = groups.of(near)
    passages = groups.best_passages(scoring.first(leaders, k))
    return DocumentHits(scoring.hits(passages), len(documents), documents)


class DocumentGroups:
    """The documents that the candidates of a search belong to."""

    def __init__(self, scoring: Scoring, columns: DocumentColumns) -> None:
        self.scoring = scoring
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
