"""Documents that match and stand behind the fused window, in the order of BM25."""

from collections.abc import Sequence

from retrieval.hits import Hit
from retrieval.lexical import BM25Index, Longs
from retrieval.query import Filters, QueryTerms
from retrieval.ranking.passage_owners import passage_owners
from retrieval.ranking.retrievers import LexicalRetriever
from retrieval.ranking.types import DocumentScore, PassageScore, RankedScore


def documents_beyond(  # noqa: PLR0917
    index: BM25Index, documents: Longs, terms: QueryTerms, filters: Filters, last: float, rank: int
) -> list[DocumentScore]:
    """These documents of the index, in their order, from `rank` on, with their best passages by
    words, or the first without any; those that the database has lost or hides are left out.

    `last` is the score of the last document before them: theirs fall below it as BM25 does.
    """
    hits = _best_passages(index, documents, terms, filters)
    owners = passage_owners([hit.passage_id for found in hits for hit in found], filters)
    return [
        _scored(owners[found[0].passage_id].document_id, found, last, rank + at)
        for at, found in enumerate(hits)
        if found[0].passage_id in owners
    ]


def _best_passages(
    index: BM25Index, documents: Longs, terms: QueryTerms, filters: Filters
) -> list[list[Hit]]:
    """Of each document."""
    allowed = index.among(index.document_keys(documents), index.mask(filters.index_columns))
    visible = index.visible(filters.visible_columns)
    found = index.search_documents(terms.search, len(documents), allowed, visible).hits
    by_document: dict[int, list[Hit]] = {}
    numbers = index.documents_of([hit.passage_id for hit in found]).tolist()
    for number, hit in zip(numbers, found, strict=True):
        by_document.setdefault(number, []).append(hit)
    first = zip(documents.tolist(), index.first_passages(documents).tolist(), strict=True)
    return [by_document.get(number) or [Hit(passage, 0.0)] for number, passage in first]


def _scored(document: str, hits: Sequence[Hit], last: float, rank: int) -> DocumentScore:
    score = last - abs(last) / (1 + max(hits[0].score, 0.0))
    passages = (
        PassageScore(hit.passage_id, score, {LexicalRetriever.name: RankedScore(hit.score)})
        for hit in hits
    )
    return DocumentScore(document, score, score, rank, tuple(passages))
