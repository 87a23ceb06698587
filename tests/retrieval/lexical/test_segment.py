"""The segment: documents and passages as they are appended, and the arrays made of them."""

from retrieval.hits import DocumentEntry, PassageEntry
from retrieval.lexical.segment import Segment, ValueColumn


def test_a_value_is_numbered_once_and_a_document_without_one_has_none() -> None:
    column = ValueColumn(["pdf"], documents=2)
    for value in ("txt", None, "pdf", "txt"):
        column.append(value)
    assert list(column.codes) == [-1, -1, 1, -1, 0, 1]
    assert list(column.values) == ["pdf", "txt"]


def test_a_column_that_comes_later_has_no_value_before() -> None:
    segment = Segment()
    segment.add(DocumentEntry("one", {"type": "pdf"}), [])
    segment.add(DocumentEntry("two", {"type": "txt", "year": 2024}), [])
    segment.add(DocumentEntry("three"), [])
    assert {name: codes.tolist() for name, codes in segment.columns.values.items()} == {
        "type": [0, 1, -1],
        "year": [-1, 0, -1],
    }


def test_arrays_are_rebuilt_after_a_change_and_earlier_ones_keep_their_values() -> None:
    segment = Segment()
    segment.add(DocumentEntry("one"), [PassageEntry(11, ["x"])])
    before = segment.columns
    assert segment.columns is before
    segment.extend([PassageEntry(12, ["x", "y"])])
    assert (before.passage_id.tolist(), segment.columns.passage_id.tolist()) == ([11], [11, 12])
    assert segment.columns.length.tolist() == [1, 2]
    assert segment.columns.passage_document.tolist() == [0, 0]


def test_frozen_it_holds_terms_by_hash_and_passages_by_document() -> None:
    segment = Segment({"type": ["pdf", "txt"]}, ["de"])
    segment.add(
        DocumentEntry("one", {"type": "txt"}),
        [PassageEntry(12, ["en:x", "en:x"], ["xs", "x"]), PassageEntry(11, ["en:y"], ["y"])],
    )
    segment.add(DocumentEntry("two", {"type": "md"}), [PassageEntry(21, ["en:x"], ["x"])])
    frozen = segment.freeze()
    terms = {frozen.terms.text[row]: frozen.frequency(row) for row in range(2)}
    assert terms == {"en:x": 2, "en:y": 1}
    assert frozen.terms.hash.tolist() == sorted(frozen.terms.hash.tolist())
    assert frozen.documents.start.tolist() == [0, 2, 3]
    assert frozen.documents.columns["type"].tolist() == [1, 2]
    assert frozen.values == {"type": ["pdf", "txt", "md"]}
    assert frozen.languages == ["de", "en"]
    assert frozen.passages.order.tolist() == [1, 0, 2]
    assert (frozen.size, frozen.total_length) == (3, 4)
