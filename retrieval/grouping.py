"""From ranked chunks to ranked documents."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db.models import F

from documents.models import Chunk
from retrieval.entries import Hit
from retrieval.fusion import Leg
from retrieval.ranking import DocumentScore, PassageScore
from retrieval.scope import Scope


def group(fused: Sequence[Hit], legs: Sequence[Leg], scope: Scope) -> list[DocumentScore]:
    """Documents by their best passage, best first, each with all its candidate passages.

    Only what is published and allowed at this moment gets through, whatever the index still holds.
    A document that holds an exact identifier of the query stands above all that hold fewer: each
    identifier lifts its score by more than fused scores differ.
    """
    owners = _owners([hit.chunk_id for hit in fused], scope)
    passages: dict[str, list[PassageScore]] = {}
    for hit in fused:
        if hit.chunk_id in owners:
            passages.setdefault(owners[hit.chunk_id], []).append(_passage(hit, legs))
    held = scope.identifiers_held([p.chunk_id for found in passages.values() for p in found])
    documents = [
        DocumentScore(
            document_id=document,
            score=0.0,
            fused=found[0].fused,
            fused_rank=0,
            passages=tuple(found),
            identifiers=max(held.get(p.chunk_id, 0) for p in found),
        )
        for document, found in passages.items()
    ]
    documents.sort(key=lambda d: (-d.identifiers, -d.fused, d.passages[0].chunk_id))
    step = 1 + fused[0].score - fused[-1].score if fused else 0.0
    return [
        replace(d, lift=d.identifiers * step, score=d.identifiers * step + d.fused, fused_rank=rank)
        for rank, d in enumerate(documents, start=1)
    ]


def _passage(hit: Hit, legs: Sequence[Leg]) -> PassageScore:
    by_name: Mapping[str, Leg] = {leg.name: leg for leg in legs}
    lexical, dense = by_name.get("lexical"), by_name.get("dense")
    return PassageScore(
        chunk_id=hit.chunk_id,
        fused=hit.score,
        lexical=lexical.scores.get(hit.chunk_id) if lexical else None,
        lexical_rank=lexical.ranks.get(hit.chunk_id) if lexical else None,
        cosine=dense.scores.get(hit.chunk_id) if dense else None,
        dense_rank=dense.ranks.get(hit.chunk_id) if dense else None,
    )


def _owners(chunk_ids: Sequence[int], scope: Scope) -> dict[int, str]:
    """Chunk id → document id."""
    rows = Chunk.objects.filter(
        pk__in=chunk_ids,
        version=F("document__version"),
        document__collection__in=scope.filters.collections,
    ).values_list("pk", "document_id")
    return {pk: str(document) for pk, document in rows}
