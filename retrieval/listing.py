"""A search without words: what the operators let pass, newest first."""

from django.db.models import F

from documents.models import Chunk
from retrieval.ranking import DocumentScore, PassageScore, Ranking
from retrieval.scope import Scope

LISTED = 1000


def newest(context: Scope) -> Ranking:
    """Up to LISTED documents that pass, each with its first passage; all scores are 0."""
    documents = list(
        context.filters.queryset()
        .order_by("-created_at", "pk")
        .values_list("pk", flat=True)[: LISTED + 1]
    )
    shown = documents[:LISTED]
    first = dict(
        Chunk.objects.filter(
            document__in=shown, version=F("document__version"), ordinal=0
        ).values_list("document_id", "pk")
    )
    return Ranking(
        terms=context.terms,
        documents=tuple(
            DocumentScore(
                document_id=str(pk),
                score=0.0,
                fused=0.0,
                fused_rank=rank,
                passages=(PassageScore(first[pk], 0.0),),
            )
            for rank, pk in enumerate(shown, start=1)
            if pk in first
        ),
        cut=len(documents) > LISTED,
        reranked=False,
        reranked_count=0,
        took_ms=context.trace.took_ms,
    )
