"""A search without words: the documents that pass the filters, newest first."""

from uuid import UUID

from documents.messages import Message
from documents.models import Passage
from retrieval.lexical import document_keys
from retrieval.query import SearchContext, StatementTimeout, TimeBudget
from retrieval.ranking.matches import MOST_MATCHES, MatchedDocuments
from retrieval.ranking.types import DocumentScore, PassageScore, Ranking

WINDOW = 100  # documents that are listed with a passage; those behind are matched alone
TOO_SLOW = Message("listing_timeout")


def newest_documents(context: SearchContext) -> Ranking:
    """All documents that pass count; the first WINDOW are listed, each with its first passage;
    every score is 0. None if the database exceeds its time limit."""
    found, late = [], False
    try:
        with TimeBudget().limit():
            found = context.restriction.first(
                MOST_MATCHES + 1, lambda n: _newest(context, n), lambda row: row[1]
            )
    except StatementTimeout:
        late = True
        context.trace.notice(TOO_SLOW)
    keys = document_keys(b"".join(pk.bytes for pk, _ in found))
    return Ranking(
        terms=context.terms,
        documents=tuple(
            DocumentScore(
                document_id=str(pk),
                score=0.0,
                fused=0.0,
                fused_rank=rank,
                passages=(PassageScore(first, 0.0),),
            )
            for rank, (pk, first) in enumerate(found[:WINDOW], start=1)
        ),
        truncated=late or len(found) > WINDOW or context.incomplete,
        reranked=False,
        reranked_count=0,
        took_ms=context.trace.took_ms,
        matched=MatchedDocuments.of(keys, truncated=late or context.incomplete),
        warnings=context.trace.warnings,
    )


def _newest(context: SearchContext, most: int) -> list[tuple[UUID, int]]:
    """The newest documents whose columns pass, each with its first passage."""
    restriction = context.restriction
    documents = restriction.filters.by_columns()
    if restriction.ids is not None:
        named = Passage.objects.filter(pk__in=restriction.ids).order_by().values("document_id")
        documents = documents.filter(pk__in=named)
    newest = list(documents.order_by("-created_at", "pk").values_list("pk", flat=True)[:most])
    keys = document_keys(b"".join(pk.bytes for pk in newest))
    numbers = context.index.live_documents(keys)
    there = numbers >= 0
    first = context.index.first_passages(numbers[there]).tolist()
    indexed = [pk for pk, is_there in zip(newest, there.tolist(), strict=True) if is_there]
    return list(zip(indexed, first, strict=True))
