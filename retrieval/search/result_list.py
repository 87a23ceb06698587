"""What a kept search lists now: of its documents those that are there and may be seen, in order.

Whether a document is listed goes by the lexical index, which follows every change, and by what the
caller may see at this moment: it may have been moved, changed, hidden or deleted since the search.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from documents.models import Collection
from retrieval.lexical import BM25Index, Longs, document_key
from retrieval.query import Filters
from retrieval.ranking import DocumentScore, MatchedDocuments, Ranking, documents_beyond
from retrieval.search.facet_values import FacetChoice, facet_columns, with_chosen
from retrieval.search.facets import count_facets
from retrieval.search.page import FacetValue
from retrieval.search.result_cache import CachedSearch


@dataclass(frozen=True)
class ResultList:
    """`found` are the numbers of the listed documents in the index, in the order of the list: first
    those of the fused window, which `window` scores, then the others as BM25 orders them. `related`
    are those that the window has and that do not count, the best first."""

    index: BM25Index
    found: Longs
    window: Sequence[DocumentScore]
    related: Sequence[DocumentScore]
    facets: Mapping[str, list[FacetValue]]

    @property
    def total(self) -> int:
        return len(self.found)

    def documents(
        self, start: int, end: int, ranking: Ranking, filters: Filters
    ) -> list[DocumentScore]:
        """The documents at these places of the list, with their passages."""
        shown = list(self.window[start:end])
        behind = self.found[max(start, len(self.window)) : end]
        if not len(behind):
            return shown
        last = self.window[-1].score if self.window else 0.0
        rank = max(start, len(self.window)) + 1
        return shown + documents_beyond(self.index, behind, ranking.terms, filters, last, rank)

    def place(self, document_id: str) -> int | None:
        """The place of a document, from 1, those that are related after the others."""
        number = _numbers(self.index, [document_id])
        places = np.flatnonzero((self.found == number) & (number >= 0))
        if len(places):
            return int(places[0]) + 1
        related = [document.document_id for document in self.related]
        return self.total + related.index(document_id) + 1 if document_id in related else None


def result_list_of(
    kept: CachedSearch,
    index: BM25Index,
    base: Filters,
    chosen: FacetChoice,
    visible: Sequence[Collection],
) -> ResultList:
    """The documents of a kept search that the filters `base`, which have nothing `chosen`, let pass
    now, and the selected values: those that match without the values, so that a facet leaves as
    many as it says, and those that a retriever with a limit brings only within them.
    """
    ranked = kept.ranking.documents
    matched, everywhere = _live(index, kept.ranking.matched), _live(index, kept.everywhere)
    window = _numbers(index, [document.document_id for document in ranked])
    listed = np.concatenate([matched, everywhere])
    rows = _distinct(np.concatenate([listed, window[window >= 0]]))
    rows = rows[index.documents_pass(rows, base.index_columns)]
    facets = facet_columns(index, rows, visible, chosen)
    shown = with_chosen(facets, chosen, np.ones(len(rows), np.bool_))
    is_listed, in_base = np.isin(rows, listed), np.isin(rows, everywhere)
    found = rows[shown & is_listed]
    in_window = np.isin(window, found)
    is_there = np.isin(window, rows[shown])
    pairs = list(zip(ranked, in_window.tolist(), is_there.tolist(), strict=True))
    return ResultList(
        index=index,
        found=np.concatenate([window[in_window], found[~np.isin(found, window)]]),
        window=[document for document, counts, _ in pairs if counts],
        related=[document for document, counts, there in pairs if there and not counts],
        facets=count_facets(facets, in_base, shown & is_listed, chosen, visible),
    )


def _numbers(index: BM25Index, document_ids: Sequence[str]) -> Longs:
    return index.live_documents(np.array([document_key(pk) for pk in document_ids], np.uint64))


def _live(index: BM25Index, matched: MatchedDocuments) -> Longs:
    numbers = index.live_documents(matched.keys)
    return numbers[numbers >= 0]


def _distinct(numbers: Longs) -> Longs:
    """Each once, in order."""
    _, first = np.unique(numbers, return_index=True)
    found: Longs = numbers[np.sort(first)]
    return found
