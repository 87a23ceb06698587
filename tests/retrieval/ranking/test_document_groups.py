"""From ranked passages to ranked documents."""

import pytest

from documents.models import Collection, Document, Passage
from retrieval.hits import Hit
from retrieval.ranking.document_groups import group_by_document
from retrieval.ranking.fusion import RetrieverResult
from retrieval.ranking.types import DocumentScore, RankedScore
from tests.retrieval.rows import context, passages

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf() -> Collection:
    return Collection.objects.create(name="Shelf", slug="shelf", visibility="public")


def title(found: DocumentScore) -> str:
    return Document.objects.get(pk=found.document_id).title


def test_a_document_stands_by_its_best_passage_and_keeps_the_others(shelf: Collection) -> None:
    a1, a2 = passages(shelf, "A", "one", "two")
    (b1,) = passages(shelf, "B", "three")

    found = group_by_document([Hit(a2, 0.9), Hit(b1, 0.7), Hit(a1, 0.4)], [], context("x", shelf))

    assert [(title(d), d.fused, d.fused_rank) for d in found] == [("A", 0.9, 1), ("B", 0.7, 2)]
    assert [(p.passage_id, p.fused) for p in found[0].passages] == [(a2, 0.9), (a1, 0.4)]
    assert [d.score for d in found] == [d.fused for d in found]


def test_a_passage_has_the_scores_and_ranks_of_each_retriever_by_its_name(
    shelf: Collection,
) -> None:
    a1, a2 = passages(shelf, "A", "one", "two")
    results = [
        RetrieverResult("lexical", [Hit(a1, 7.0)], {a1: 7.0}),
        RetrieverResult("dense", [Hit(a1, 0.5)], {a1: 0.5, a2: 0.3}),
    ]

    (found,) = group_by_document([Hit(a1, 0.9), Hit(a2, 0.4)], results, context("x", shelf))

    assert [dict(passage.scores) for passage in found.passages] == [
        {"lexical": RankedScore(7.0, 1), "dense": RankedScore(0.5, 1)},
        {"dense": RankedScore(0.3, None)},
    ]


def test_what_is_not_published_or_not_allowed_at_this_moment_is_left_out(
    shelf: Collection,
) -> None:
    other = Collection.objects.create(name="Other", slug="other")
    (there,) = passages(shelf, "There", "one")
    (elsewhere,) = passages(other, "Elsewhere", "two")
    (replaced,) = passages(shelf, "Replaced", "three", version=2)
    (deleted,) = passages(shelf, "Deleted", "four")
    Passage.objects.filter(pk=deleted).delete()
    hits = [Hit(passage, 0.5) for passage in (elsewhere, replaced, deleted, there)]

    assert [title(d) for d in group_by_document(hits, [], context("x", shelf))] == ["There"]


def test_each_exact_identifier_lifts_a_document_above_all_that_hold_fewer(
    shelf: Collection,
) -> None:
    names = ("None", "One", "Both")
    none, one, both = (passages(shelf, name, name)[0] for name in names)
    texts = {none: "a pump", one: "ERR_4711", both: "ERR_4711 and ERR_4712"}
    hits = [Hit(none, 0.9), Hit(one, 0.6), Hit(both, 0.1)]

    found = group_by_document(hits, [], context("ERR_4711 ERR_4712", shelf, texts=texts))

    step = 1 + 0.9 - 0.1
    assert [(title(d), d.exact_matches) for d in found] == [("Both", 2), ("One", 1), ("None", 0)]
    assert [d.exact_match_boost for d in found] == pytest.approx([2 * step, step, 0])
    assert [d.score for d in found] == pytest.approx([2 * step + 0.1, step + 0.6, 0.9])


def test_nothing_fused_is_nothing_grouped(shelf: Collection) -> None:
    assert group_by_document([], [], context("x", shelf)) == []
