"""From ranked documents to the results of a response."""

from collections.abc import Mapping, Sequence

from documents.extraction import format_label
from documents.models import Document, Passage
from retrieval.lexical import BM25Index, VisibleStats
from retrieval.live_index import live_index
from retrieval.query import Filters
from retrieval.ranking import DenseRetriever, DocumentScore, RankedScore, Ranking
from retrieval.search.highlighter import highlight_spans
from retrieval.search.page import DocumentCard, Explanation, MatchedTerm, PassageHit, SearchResult
from retrieval.search.relevance import GOOD, STRONG, WEAK, relevance_grade, term_coverage

PASSAGES_PER_RESULT = 3


def build_results(
    found: Sequence[DocumentScore], ranking: Ranking, filters: Filters, explain: bool
) -> list[SearchResult]:
    """Results with their best passages; one deleted this very moment is left out. What an
    explanation says of words goes by what the caller of `filters` may see."""
    wanted = [p.passage_id for d in found for p in d.passages[:PASSAGES_PER_RESULT]]
    passages = Passage.objects.select_related("document__collection").in_bulk(wanted)
    by_id = {str(passage.document_id): passage.document for passage in passages.values()}
    index = live_index().bm25
    visible = index.visible(filters.visible_columns)
    return [
        SearchResult(
            document=_card(by_id[scored.document_id]),
            score=round(scored.score, 6),
            passages=_passages(scored, by_id[scored.document_id], passages, ranking),
            relevance=_relevance(scored, ranking, index),
            explanation=_explanation(scored, ranking, index, visible) if explain else None,
        )
        for scored in found
        if scored.passages[0].passage_id in passages
    ]


def _card(document: Document) -> DocumentCard:
    return DocumentCard(
        id=str(document.pk),
        title=document.title,
        collection=document.collection.slug,
        collection_name=document.collection.name,
        type=document.type,
        type_label=format_label(document.type),
        language=document.language,
        url=document.get_absolute_url(),
        metadata=document.metadata,
        source=document.source,
        created_at=document.created_at,
        year=document.year,
    )


def _passages(
    scored: DocumentScore, document: Document, passages: Mapping[int, Passage], ranking: Ranking
) -> list[PassageHit]:
    shown = [
        passages[p.passage_id]
        for p in scored.passages[:PASSAGES_PER_RESULT]
        if p.passage_id in passages
    ]
    language = document.collection.language
    return [
        PassageHit(
            passage_id=passage.pk,
            text=passage.text,
            page=passage.page,
            start=passage.start,
            end=passage.end,
            highlights=highlight_spans(passage.text, set(ranking.terms), language),
            headings=passage.headings,
        )
        for passage in shown
    ]


def _relevance(scored: DocumentScore, ranking: Ranking, index: BM25Index) -> str:
    """The best grade of the passages shown."""
    grades = [
        relevance_grade(
            cosine,
            passage_term_coverage(ranking.terms, passage.passage_id, index),
            scored.exact_matches,
        )
        for passage in scored.passages[:PASSAGES_PER_RESULT]
        if (cosine := passage.score_by(DenseRetriever.name)) is not None or ranking.terms
    ]
    return min(grades, key=(STRONG, GOOD, WEAK).index, default="")


def passage_term_coverage(terms: Sequence[str], passage_id: int, index: BM25Index) -> float | None:
    """The share of a query's terms in a passage, by `term_coverage`."""
    return term_coverage(terms, [held.term for held in index.explain(terms, passage_id)])


def _explanation(
    scored: DocumentScore, ranking: Ranking, index: BM25Index, visible: VisibleStats
) -> Explanation:
    best = scored.passages[0]
    held = index.explain(ranking.terms, best.passage_id, visible)
    return Explanation(
        retrievers={name: _rounded(each.score, each.rank) for name, each in best.scores.items()},
        fused=_rounded(scored.fused, scored.fused_rank),
        rerank=None if scored.rerank is None else _rounded(scored.rerank, scored.rerank_rank),
        terms=tuple(MatchedTerm(_readable(t.term), t.tf, round(t.score, 4)) for t in held),
        exact_matches=scored.exact_matches,
    )


def _readable(term: str) -> str:
    """A term without its prefix for the language or an identifier."""
    return term[1:] if term.startswith("=") else term.partition(":")[2]


def _rounded(score: float, rank: int | None) -> RankedScore:
    return RankedScore(round(score, 4), rank)
