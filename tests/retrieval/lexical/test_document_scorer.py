"""The best documents, against all passages scored one by one."""

from collections import defaultdict
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.hits import PASSAGES_OF_A_DOCUMENT, DocumentEntry, Hit, PassageEntry
from retrieval.lexical import AnyWord, BM25Index, Phrase, SearchTerm, VisibleStats, WeightedTerm
from tests.properties import examples

SEEN, HIDDEN = "seen", "hidden"
LETTERS = "abcd"

documents = st.tuples(
    st.sampled_from([SEEN, SEEN, HIDDEN]),
    st.lists(st.lists(st.sampled_from(LETTERS), min_size=1, max_size=6), min_size=1, max_size=5),
)
plain = st.one_of(
    st.sampled_from([*LETTERS, "unknown", *(f"~{letter}" for letter in LETTERS)]),
    st.lists(st.sampled_from(LETTERS), min_size=2, max_size=2).map(
        lambda words: Phrase((tuple(words),))
    ),
    st.just(AnyWord("any", ("a", "c"))),
)
queries = st.lists(
    st.builds(WeightedTerm, plain, st.floats(0.1, 2), st.booleans()), min_size=1, max_size=6
)


def entries(number: int, texts: Sequence[Sequence[str]]) -> list[PassageEntry]:
    """Passages whose stems are their words."""
    return [
        PassageEntry(
            10 * number + at, text, text, [(word, place, 1) for place, word in enumerate(text)],
            own_words=len(text),
        )
        for at, text in enumerate(texts)
    ]  # fmt: skip


def one_by_one(
    index: BM25Index, terms: Sequence[WeightedTerm], visible: VisibleStats
) -> dict[int, list[Hit]]:
    """By document all passages that hold a term that is not optional, best first."""
    ids = index.passage_ids(visible.mask).tolist()
    finding: list[SearchTerm] = [term for term in terms if not term.optional]
    held = [any(each) for each in index.holds(finding, ids).tolist()]
    scores = index.score(terms, ids, visible)
    found = defaultdict(list)
    for score, passage_id in sorted(
        (-score, passage_id)
        for passage_id, score, holds in zip(ids, scores, held, strict=True)
        if holds
    ):
        found[passage_id // 10].append(Hit(passage_id, -score))
    return found


@examples(100)
@given(
    st.lists(documents, min_size=1, max_size=12),
    queries,
    st.integers(0, 4),
    st.integers(0, 12),
    st.lists(st.tuples(st.integers(0, 11), documents), max_size=3),
)
def test_the_best_documents_are_those_of_the_best_passages_by_all_terms(
    texts: list[tuple[str, list[list[str]]]],
    terms: list[WeightedTerm],
    k: int,
    at_rest: int,
    changes: list[tuple[int, tuple[str, list[list[str]]]]],
) -> None:
    listed = [
        (DocumentEntry(str(number), {"collection": collection}), entries(number, passages))
        for number, (collection, passages) in enumerate(texts)
    ]
    index = BM25Index.build(listed[:at_rest])
    index.search_documents(terms, k)  # what this keeps must not outlive the changes
    for document, passages in listed[at_rest:]:
        index.add(document, passages)
    for number, (collection, replaced) in changes:
        index.add(DocumentEntry(str(number), {"collection": collection}), entries(number, replaced))
    for wanted in ([SEEN], [SEEN, HIDDEN]):
        visible = index.visible({"collection": wanted})
        groups = one_by_one(index, terms, visible)
        found = index.search_documents(terms, k, visible.mask, visible)

        assert found.documents == len(groups)
        best = [hit for hits in list(groups.values())[:k]
                for hit in hits[:PASSAGES_OF_A_DOCUMENT]]  # fmt: skip
        assert [hit.score for hit in found.hits] == pytest.approx([hit.score for hit in best])
        exact = {hit.passage_id: hit.score for hits in groups.values() for hit in hits}
        for hit in found.hits:
            assert hit.score == pytest.approx(exact[hit.passage_id])


def test_an_optional_term_lifts_a_document_among_the_best() -> None:
    """Of many documents with a word the longest comes first, if another word adds to it alone."""
    texts = [["tide"]] * 40 + [["tide", "of", "the", "moon"]] + [["sea"]] * 60
    index = BM25Index.build(
        (DocumentEntry(str(number)), entries(number, [text])) for number, text in enumerate(texts)
    )
    (without,) = index.search_documents(["tide"], 1).hits
    (lifted,) = index.search_documents(["tide", WeightedTerm("~the", 1, True)], 1).hits
    assert (without.passage_id, lifted.passage_id) == (0, 400)
