"""From ranked documents to results."""

import pytest

from documents.models import Collection, Document, Passage
from retrieval.lexical import WeightedTerm
from retrieval.live_index.index import live_index
from retrieval.query.filters import Filters
from retrieval.query.terms import QueryTerms, QueryWord
from retrieval.ranking.matches import MatchedDocuments
from retrieval.ranking.types import DocumentScore, PassageScore, RankedScore, Ranking
from retrieval.search.page import Explanation
from retrieval.search.results import PASSAGES_PER_RESULT, build_results
from tests.retrieval.conftest import Index

pytestmark = pytest.mark.django_db
TIDES = "The spring tide follows the new moon. A tide is high twice a day."


@pytest.fixture
def tides(indexed: Index) -> Document:
    document = indexed("Tides", TIDES, metadata={"author": "Darwin"})
    live_index().refresh()
    return document


def scored(document: Document, **fields: object) -> DocumentScore:
    """The document with all its passages, which two retrievers know."""
    scores = {"dense": RankedScore(0.512345678, 2), "lexical": RankedScore(3.14159265, 1)}
    found = tuple(PassageScore(passage.pk, 0.9, scores) for passage in document.passages.all())
    return DocumentScore(str(document.pk), 0.987654321, 0.9, 4, found, **fields)  # type: ignore[arg-type]


def ranking(*documents: DocumentScore, terms: tuple[str, ...] = ("en:tide",)) -> Ranking:
    words = (QueryWord(term.split(":")[-1], (WeightedTerm(term),)) for term in terms)
    return Ranking(QueryTerms(tuple(words)), documents, False, False, 0, {}, MatchedDocuments())


def everything() -> Filters:
    return Filters(frozenset(Collection.objects.values_list("pk", flat=True)))


def explained(found: DocumentScore) -> Explanation:
    (result,) = build_results(
        [found], ranking(found, terms=("en:tide", "=err_4711")), everything(), True
    )
    assert result.explanation is not None
    return result.explanation


def test_a_result_shows_its_document_and_marks_the_words(tides: Document) -> None:
    found = scored(tides)
    (result,) = build_results([found], ranking(found), everything(), explain=False)

    assert (result.document.title, result.document.collection) == ("Tides", "handbook")
    assert result.document.metadata == {"author": "Darwin"}
    assert result.score == 0.987654
    assert [TIDES[a:b] for a, b in result.passages[0].highlights] == ["tide", "tide"]
    assert result.explanation is None


def test_an_explanation_tells_each_retriever_fusion_and_the_words_held(tides: Document) -> None:
    why = explained(scored(tides))

    assert why.retrievers == {"dense": RankedScore(0.5123, 2), "lexical": RankedScore(3.1416, 1)}
    assert (why.fused, why.rerank, why.exact_matches) == (RankedScore(0.9, 4), None, 0)
    assert [(term.term, term.tf) for term in why.terms] == [("tide", 3)]  # once in the title


def test_an_explanation_tells_what_the_reranker_said(tides: Document) -> None:
    why = explained(scored(tides, rerank=-0.123456, rerank_rank=7, exact_matches=1))

    assert (why.rerank, why.exact_matches) == (RankedScore(-0.1235, 7), 1)


def test_how_strong_a_match_is_goes_by_the_cosine_and_the_words(tides: Document) -> None:
    passage = tides.passages.get().pk

    def relevance(cosine: float | None, *terms: str) -> str:
        scores = {} if cosine is None else {"dense": RankedScore(cosine)}
        found = DocumentScore(str(tides.pk), 1, 1, 1, (PassageScore(passage, 1, scores),))
        return build_results([found], ranking(found, terms=terms), everything(), False)[0].relevance

    assert relevance(0.60) == "strong"  # by meaning alone, from .58
    assert relevance(0.50, "en:tide", "en:zeppelin") == "good"  # .5 + .3 / 2, from .48
    assert relevance(0.10, "en:zeppelin") == "weak"
    assert relevance(None, "en:tide") == "strong"  # by words alone
    assert relevance(None) == ""  # nothing to match


def test_no_more_passages_are_shown_than_a_result_has_room_for(tides: Document) -> None:
    more = [Passage(document=tides, version=1, ordinal=n, text="tide", start=0, end=4)
            for n in range(1, 9)]  # fmt: skip
    Passage.objects.bulk_create(more)
    found = scored(tides)
    (result,) = build_results([found], ranking(found), everything(), explain=False)

    assert len(found.passages) == 9
    assert len(result.passages) == PASSAGES_PER_RESULT == 3


def test_what_was_deleted_this_very_moment_is_left_out(tides: Document, indexed: Index) -> None:
    bread = indexed("Bread", "A sourdough starter.")
    stays, gone = scored(tides), scored(bread)
    bread.delete()
    results = build_results([gone, stays], ranking(gone, stays), everything(), explain=False)

    assert [result.document.title for result in results] == ["Tides"]
