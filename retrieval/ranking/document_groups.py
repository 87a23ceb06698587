"""From ranked passages to ranked documents."""

from collections.abc import Sequence
from dataclasses import replace

from documents.models.ranking_settings import Recency
from retrieval.hits import Hit
from retrieval.query import SearchContext
from retrieval.ranking.fusion import RetrieverResult
from retrieval.ranking.passage_owners import passage_owners
from retrieval.ranking.recency import aged
from retrieval.ranking.types import DocumentScore, PassageScore, RankedScore


def group_by_document(
    fused: Sequence[Hit],
    results: Sequence[RetrieverResult],
    context: SearchContext,
    recency: Recency | None = None,
    pinned: Sequence[str] = (),
) -> list[DocumentScore]:
    """Documents by their best passage and their age, best first, each with all its candidate
    passages. `recency` replaces what the collections say of age.

    Only passages that are published and allowed now pass, even if the index still has others. A
    document with an exact identifier of the query ranks above all that have fewer: each identifier
    raises its score by more than fused scores differ. One whose title is the query ranks above all
    but those `pinned` to it, which come first, in their order.
    """
    owners = passage_owners([hit.passage_id for hit in fused], context.filters)
    passages: dict[str, list[PassageScore]] = {}
    for hit in fused:
        if hit.passage_id in owners:
            passages.setdefault(owners[hit.passage_id].document_id, []).append(
                _passage(hit, results)
            )
    listed = [p.passage_id for found in passages.values() for p in found]
    held = context.identifiers_held(listed)
    readable = dict(zip(listed, context.readable(listed), strict=True))
    titled = dict(zip(listed, context.index.allowed(context.titled, listed).tolist(), strict=True))
    places = {document: place for place, document in enumerate(pinned)}
    documents = [
        DocumentScore(
            document_id=document,
            score=0.0,
            fused=found[0].fused,
            fused_rank=0,
            passages=tuple(found),
            exact_matches=max(held.get(p.passage_id, 0) for p in found),
            titled=titled[found[0].passage_id],
            readable=readable[found[0].passage_id],
            pinned=document in places,
        )
        for document, found in passages.items()
    ]
    documents = aged(documents, owners.values(), recency)
    documents.sort(
        key=lambda d: (
            places.get(d.document_id, len(places)),
            -d.titled,
            -d.exact_matches,
            -d.fused,
            d.passages[0].passage_id,
        )
    )
    scores = [document.fused for document in documents] or [0.0]
    step = 1 + max(scores) - min(scores)
    above_all = step * (1 + max((d.exact_matches for d in documents), default=0))
    above_titles = 2 * above_all
    boosted = [
        replace(
            document,
            exact_match_boost=document.exact_matches * step,
            title_boost=document.titled * above_all,
            pin_boost=above_titles * (len(places) - places.get(document.document_id, len(places))),
        )
        for document in documents
    ]
    return [_placed(document, rank) for rank, document in enumerate(boosted, start=1)]


def _placed(document: DocumentScore, rank: int) -> DocumentScore:
    boost = document.pin_boost + document.title_boost + document.exact_match_boost
    return replace(document, score=boost + document.fused, fused_rank=rank)


def _passage(hit: Hit, results: Sequence[RetrieverResult]) -> PassageScore:
    passage = hit.passage_id
    scores = {
        result.name: RankedScore(result.scores[passage], result.ranks.get(passage))
        for result in results
        if passage in result.scores
    }
    return PassageScore(passage, hit.score, scores)
