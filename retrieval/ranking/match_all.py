"""A search without words: the documents that pass the filters, newest first."""

from uuid import UUID

from django.db.models import F

from documents.messages import Message
from documents.models import Passage
from retrieval.query import Restriction, SearchContext, StatementTimeout, TimeBudget
from retrieval.ranking.types import DocumentScore, PassageScore, Ranking

LISTED = 1000
TOO_SLOW = Message("listing_timeout")


def newest_documents(context: SearchContext) -> Ranking:
    """Up to LISTED documents that pass, each with its first passage; every score is 0; none
    if the database exceeds its time limit."""
    found, late = [], False
    try:
        with TimeBudget().limit():
            found = context.restriction.first(
                LISTED + 1, lambda n: _newest(context.restriction, n), lambda row: row[1]
            )
    except StatementTimeout:
        late = True
        context.trace.notice(TOO_SLOW)
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
            for rank, (pk, first) in enumerate(found[:LISTED], start=1)
        ),
        truncated=late or len(found) > LISTED or context.incomplete,
        reranked=False,
        reranked_count=0,
        took_ms=context.trace.took_ms,
        warnings=context.trace.warnings,
    )


def _newest(restriction: Restriction, most: int) -> list[tuple[UUID, int]]:
    """The newest documents whose columns pass, each with its first passage."""
    documents = restriction.filters.by_columns()
    if restriction.ids is not None:
        named = Passage.objects.filter(pk__in=restriction.ids).order_by().values("document_id")
        documents = documents.filter(pk__in=named)
    newest = list(documents.order_by("-created_at", "pk").values_list("pk", flat=True)[:most])
    first = dict(
        Passage.objects.filter(
            document__in=newest, version=F("document__version"), ordinal=0
        ).values_list("document_id", "pk")
    )
    return [(pk, first[pk]) for pk in newest if pk in first]
