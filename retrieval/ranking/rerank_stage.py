"""The rerank stage of a search: it reorders the head of the fused list."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from documents.chunking import indexed_text
from documents.errors import ModelUnavailable
from documents.messages import Message
from documents.models import Passage
from retrieval import rerankers
from retrieval.query import SearchContext
from retrieval.ranking import fusion
from retrieval.ranking.retrievers import TOO_LONG
from retrieval.ranking.types import DocumentScore, RankingOptions
from retrieval.rerankers import Reranker

OUT_OF_TIME = Message("rerank_out_of_time")
# How many passages may lack their token vectors, before the depth is that of the first to be left.
MOST_UNSTORED = 8

INDEXED = "full"
# What a reranker reads of a passage: the indexed text, or less.
RERANK_INPUT: dict[str, Callable[[str, Sequence[str], str], str]] = {
    INDEXED: indexed_text,
    "title": lambda title, _, text: indexed_text(title, (), text),
    "passage": lambda _, __, text: text,
}


def rerank(
    documents: Sequence[DocumentScore], context: SearchContext, options: RankingOptions
) -> tuple[list[DocumentScore], int]:
    """All documents, and how many of them were reranked; these stay above the rest.

    A document is scored by its best passage. Documents that are pinned to the query, or that it
    names by title or identifier, stay on top (`document_groups`). A query in a script that the
    embedding model does not read is not reranked.
    """
    text = context.query.text
    wanted = options.rerank and documents and text.strip() and context.query_is_readable
    reranker = rerankers.load_reranker() if wanted else None
    if reranker is None:
        return list(documents), 0
    reranker = rerankers.bind_to_space(reranker, context.space)
    depth = options.rerank_depth or reranker.depth
    weight = reranker.weight if options.rerank_weight is None else options.rerank_weight
    passages = [document.passages[0].passage_id for document in documents[:depth]]
    try:
        scores = _scores(reranker, passages, context, options)
        if not reranker.reads_whole(text):
            context.trace.notice(TOO_LONG)
    except ModelUnavailable:  # the embedding model went away with its space
        return list(documents), 0
    if scores is None:
        context.trace.notice(OUT_OF_TIME)
        return list(documents), 0
    return _blended(documents, scores, weight), len(scores)


def _scores(
    reranker: Reranker, passages: Sequence[int], context: SearchContext, options: RankingOptions
) -> list[float] | None:
    """The scores of the passages, or of the first of them where too many must be read for it; None
    if the time does not suffice."""
    query = context.query.text
    indexed = passages if options.rerank_shown == INDEXED else ()
    stored = rerankers.stored_scores(reranker, query, indexed, context.weigh)
    known = stored or {}
    unread = [passage for passage in passages if passage not in known]
    if stored is not None and options.rerank_budget_ms and len(unread) > MOST_UNSTORED:
        passages = passages[: passages.index(unread[MOST_UNSTORED])]
        unread = unread[:MOST_UNSTORED]
    texts = _texts(unread, options.rerank_shown) if unread else []
    scores = rerankers.score_within_budget(
        reranker, query, texts, context.weigh, options.rerank_budget_ms
    )
    if scores is None:
        return None
    known |= dict(zip(unread, scores, strict=True))
    return [known[passage] for passage in passages]


def _blended(
    documents: Sequence[DocumentScore], scores: Sequence[float], weight: float
) -> list[DocumentScore]:
    """The first documents in the order of the blend of fused and rerank scores, then the others."""
    head, tail = documents[: len(scores)], documents[len(scores) :]
    floor = max((d.fused for d in tail), default=None)
    blended = fusion.blend([d.fused for d in head], scores, weight, floor)
    reranked = [
        replace(document, score=_boost(document) + score, rerank=raw)
        for document, score, raw in zip(head, blended, scores, strict=True)
    ]
    reranked.sort(key=lambda document: (-document.score, document.fused_rank))
    placed = [replace(d, rerank_rank=place) for place, d in enumerate(reranked, start=1)]
    return [*placed, *tail]


def _boost(document: DocumentScore) -> float:
    return document.pin_boost + document.title_boost + document.exact_match_boost


def _texts(passage_ids: Sequence[int], shown: str) -> list[str]:
    """The text of each passage for the reranker."""
    rows = Passage.objects.filter(pk__in=passage_ids).values_list(
        "pk", "document__title", "headings", "text"
    )
    show = RERANK_INPUT[shown]
    texts = {pk: show(title, headings, text) for pk, title, headings, text in rows}
    return [texts.get(passage, "") for passage in passage_ids]
