"""From ranked documents to the results of a response."""

from collections.abc import Iterator, Mapping, Sequence

from django.db.models import F

from documents.extraction import format_label
from documents.models import Document, Passage
from retrieval.lexical import BM25Index, TermScore, VisibleStats, WeightedTerm
from retrieval.live_index import live_index
from retrieval.query import COLLECTION, Filters, QueryTerms
from retrieval.ranking import (
    STRONG,
    DenseRetriever,
    DocumentScore,
    RankedScore,
    Ranking,
    relevance_grade,
    word_coverage,
)
from retrieval.search.highlighter import highlight_spans
from retrieval.search.labels import best_grade
from retrieval.search.page import (
    DocumentAge,
    DocumentCard,
    Explanation,
    MatchedTerm,
    PassageHit,
    SearchResult,
)

PASSAGES_PER_RESULT = 3


def build_results(
    found: Sequence[DocumentScore], ranking: Ranking, filters: Filters, explain: bool
) -> list[SearchResult]:
    """Results with their best passages; one that the database has lost or hides by now is left out.
    What an explanation says of words goes by what the caller of `filters` may see."""
    wanted = [p.passage_id for d in found for p in d.passages[:PASSAGES_PER_RESULT]]
    readable = Passage.objects.filter(
        version=F("document__version"),
        document__deleted_at=None,
        document__collection__in=filters.collections,
    )
    passages = readable.select_related("document__collection").in_bulk(wanted)
    by_id = {str(passage.document_id): passage.document for passage in passages.values()}
    index = live_index().bm25
    visible = index.visible(filters.visible_columns)
    coverage = word_coverage(ranking.terms, wanted, index)
    return [
        SearchResult(
            document=_card(by_id[scored.document_id]),
            score=round(scored.score, 6),
            passages=_passages(scored, by_id[scored.document_id], passages, ranking),
            relevance=_relevance(scored, ranking, coverage),
            pinned=scored.pinned,
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
    language = document.language
    terms = ranking.terms.for_document(COLLECTION.name, document.collection_id)
    return [
        PassageHit(
            passage_id=passage.pk,
            text=passage.text,
            page=passage.page,
            start=passage.start,
            end=passage.end,
            highlights=highlight_spans(passage.text, terms, language),
            headings=passage.headings,
        )
        for passage in shown
    ]


def _relevance(
    scored: DocumentScore, ranking: Ranking, coverage: Mapping[int, float | None]
) -> str:
    """That of its strongest passage among those shown; a document that is pinned, or named by its
    title, is strong."""
    if scored.titled or scored.pinned:
        return STRONG
    dense = DenseRetriever.name if scored.readable else ""  # else words alone tell something
    grades = [
        relevance_grade(cosine, coverage[passage.passage_id], scored.exact_matches)
        for passage in scored.passages[:PASSAGES_PER_RESULT]
        if (cosine := passage.score_by(dense)) is not None or ranking.terms
    ]
    return best_grade(grades)


def _explanation(
    scored: DocumentScore, ranking: Ranking, index: BM25Index, visible: VisibleStats
) -> Explanation:
    best = scored.passages[0]
    return Explanation(
        retrievers={name: _rounded(each.score, each.rank) for name, each in best.scores.items()},
        fused=_rounded(scored.fused, scored.fused_rank),
        rerank=None if scored.rerank is None else _rounded(scored.rerank, scored.rerank_rank),
        terms=tuple(_matched(ranking.terms, best.passage_id, index, visible)),
        exact_matches=scored.exact_matches,
        titled=scored.titled,
        age=_age(scored),
        pinned=scored.pinned,
    )


def _age(scored: DocumentScore) -> DocumentAge | None:
    if scored.age_days is None or scored.recency_factor is None:
        return None
    return DocumentAge(scored.age_days, round(scored.recency_factor, 4))


def _matched(
    terms: QueryTerms, passage_id: int, index: BM25Index, visible: VisibleStats
) -> Iterator[MatchedTerm]:
    """The query's words that the passage holds, then synonyms of them, each with what all its terms
    add to the score."""
    synonyms: dict[str, list[tuple[str, WeightedTerm]]] = {}
    for word in terms.words:
        for term in word.terms:
            if term.synonym:
                synonyms.setdefault(term.synonym, []).append((word.text, term))
        own = [term for term in word.terms if not term.synonym]
        if held := index.explain(own, passage_id, visible):
            yield _sum_of(held, word.text)
    for synonym, pairs in synonyms.items():
        if held := index.explain([term for _, term in pairs], passage_id, visible):
            yield _sum_of(held, synonym, " ".join(dict.fromkeys(word for word, _ in pairs)))


def _sum_of(held: Sequence[TermScore], term: str, synonym_of: str = "") -> MatchedTerm:
    score = sum(each.score for each in held)
    return MatchedTerm(term, max(each.tf for each in held), round(score, 4), synonym_of)


def _rounded(score: float, rank: int | None) -> RankedScore:
    return RankedScore(round(score, 4), rank)
