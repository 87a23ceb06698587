"""Merging two parts of an index into one of their live passages."""

import numpy as np

from retrieval.hits import DocumentEntry, PassageEntry
from retrieval.lexical.merger import merge, transpose
from retrieval.lexical.postings import Postings
from retrieval.lexical.segment import Segment


def parts() -> tuple[Postings, Postings]:
    base = Segment()
    base.add(DocumentEntry("one", {"type": "pdf"}), [chunk(11, "x y"), chunk(12, "y")])
    base.add(DocumentEntry("two", {"type": "txt"}), [chunk(21, "x gone")])
    first = base.freeze()
    more = Segment(first.values, first.languages)
    more.add(DocumentEntry("three", {"type": "md", "year": 2024}), [chunk(31, "x x z")])
    return first, more.freeze()


def chunk(number: int, words: str) -> PassageEntry:
    return PassageEntry(number, [f"en:{word}" for word in words.split()], words.split())


def postings(index: Postings) -> dict[str, dict[int, int]]:
    """Term → passage id → frequency."""
    found = {}
    for row in range(len(index.terms.hash)):
        here = slice(index.terms.start[row], index.terms.start[row + 1])
        ids = index.passages.id[index.terms.passage[here]].tolist()
        found[index.terms.text[row]] = dict(zip(ids, index.terms.tf[here].tolist(), strict=True))
    return found


def merged() -> Postings:
    """Without document two, which holds passage 21."""
    live, document_live = np.array([True, True, False, True]), np.array([True, False, True])
    return merge(parts(), live, document_live)


def test_postings_of_live_passages_come_together_under_new_numbers() -> None:
    assert postings(merged()) == {
        "en:x": {11: 1, 31: 2},
        "en:y": {11: 1, 12: 1},
        "en:z": {31: 1},
    }
    assert sorted(merged().surfaces.text[row] for row in range(3)) == ["x", "y", "z"]
    assert merged().total_length == 2 + 1 + 3


def test_documents_keep_their_columns_also_where_one_part_has_none() -> None:
    index = merged()
    assert index.values == {"type": ["pdf", "txt", "md"], "year": [2024]}
    assert index.documents.columns["type"].tolist() == [0, 2]
    assert index.documents.columns["year"].tolist() == [-1, 0]
    assert index.documents.start.tolist() == [0, 2, 3]
    assert index.passages.document.tolist() == [0, 0, 1]


def test_the_forward_index_lists_the_terms_of_each_passage() -> None:
    index = merged()
    words = [
        {index.terms.text[row] for row in index.passages.term[begin:end]}
        for begin, end in zip(index.passages.start, index.passages.start[1:], strict=False)
    ]
    assert words == [{"en:x", "en:y"}, {"en:y"}, {"en:x", "en:z"}]
    begin, term = transpose(index.terms.start, index.terms.passage, index.size)
    assert (begin.tolist(), term.tolist()) == (
        index.passages.start.tolist(), index.passages.term.tolist()
    )  # fmt: skip
