"""What counts as a result: all documents that match, whether or not they are in the fused window.

A document matches that holds a word of the query, or enough of a longer one; and one that another
retriever brings and that is more than the nearest there is (docs/ranking.md has the measurements).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.hits import DocumentHits, Hit
from retrieval.lexical import Hashes, Longs, best_first
from retrieval.query import SearchContext
from retrieval.ranking.relevance import WEAK, relevance_grade, word_coverage

MOST_MATCHES = 10_000  # documents that are counted and can be paged through
SHORT_QUERY = 2  # words of which each makes a match by itself
LEAST_SHARE = 0.25  # of the weight that the document with most of the query's words holds


@dataclass(frozen=True)
class MatchedDocuments:
    """The documents that match, best first, by their keys in the lexical index: 8 bytes each.
    `truncated` says that there are more, or may be."""

    packed: bytes = b""
    truncated: bool = False

    @property
    def keys(self) -> Hashes:
        return np.frombuffer(self.packed, "<u8").astype(np.uint64)

    @classmethod
    def of(cls, keys: Hashes, truncated: bool) -> "MatchedDocuments":
        """The first MOST_MATCHES of these."""
        return cls(
            keys[:MOST_MATCHES].astype("<u8").tobytes(), truncated or len(keys) > MOST_MATCHES
        )


def by_words(context: SearchContext, hits: DocumentHits) -> Longs:
    """The numbers of the documents that hold enough of the query's words, best first, up to one
    more than MOST_MATCHES.

    Each document with a word of a short query is one, and each that passes the phrases, `+` and OR
    of a query that has such. Of a longer query a document must hold, by weight, LEAST_SHARE of what
    the visible document with most words holds: else a question would count all documents with one
    common word. Filters only narrow what matches.
    """
    numbers, scores, passages = hits.numbers, hits.scores, hits.passage_ids
    if hits.words > SHORT_QUERY and not context.query.required and len(numbers):
        enough = hits.shares >= LEAST_SHARE * _greatest_share(context, hits)
        numbers, scores, passages = numbers[enough], scores[enough], passages[enough]
    found: Longs = numbers[best_first(scores, passages, MOST_MATCHES + 1)]
    return found


def holding_enough_words(context: SearchContext, documents: Longs) -> Longs:
    """Those of the documents that hold enough of the query's words, in their order."""
    if not context.terms:
        return documents[:0]
    terms = context.terms
    hits = context.index.search_documents(
        terms.search, 0, context.allowed, context.visible, terms.search_words
    )
    found: Longs = documents[np.isin(documents, by_words(context, hits))]
    return found


def _greatest_share(context: SearchContext, hits: DocumentHits) -> float:
    """Of the documents that the caller may see."""
    found = float(hits.shares.max())
    if found == 1 or context.passing == context.visible.passages:
        return found
    terms, visible = context.terms, context.visible
    every = context.index.search_documents(
        terms.search, 0, visible.mask, visible, terms.search_words
    )
    return float(every.shares.max())


def by_meaning(context: SearchContext, hits: Sequence[Hit]) -> Longs:
    """The numbers of the documents whose nearest passages are good matches or better, by cosine and
    words, in a language that the model reads."""
    ids = [hit.passage_id for hit in hits]
    coverage = word_coverage(context.terms, ids, context.index)
    good = [
        hit.passage_id
        for hit, readable in zip(hits, context.readable(ids), strict=True)
        if readable and relevance_grade(hit.score, coverage[hit.passage_id]) != WEAK
    ]
    return documents_of_passages(context, good)


def documents_of_passages(context: SearchContext, passage_ids: Sequence[int]) -> Longs:
    """The numbers of the documents of passages, each once, in their order."""
    numbers = context.index.documents_of(passage_ids)
    _, first = np.unique(numbers, return_index=True)
    found: Longs = numbers[np.sort(first)]
    return found[found >= 0]


def matched_documents(
    context: SearchContext, found: Iterable[Longs], gone: Sequence[int]
) -> MatchedDocuments:
    """Each document that one of the lists has, in their order, without those of passages that the
    database has lost since they were indexed."""
    seen = context.index.documents_of(gone)
    parts: list[Longs] = []
    for numbers in found:
        parts.append(numbers[~np.isin(numbers, seen)])
        seen = np.concatenate([seen, parts[-1]])
    every = np.concatenate([np.empty(0, np.int64), *parts])
    keys = context.index.document_keys(every[: MOST_MATCHES + 1])
    return MatchedDocuments.of(keys, context.may_lack_some)
