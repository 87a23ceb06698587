"""Masks of the index: filters, access, and documents that hold all terms."""

from retrieval.hits import DocumentEntry, PassageEntry
from retrieval.lexical import BM25Index
from tests.retrieval.lexical.example_index import an_index, ids


def test_a_filter_counts_before_the_top_k():
    index = BM25Index.build(
        (
            DocumentEntry(str(n), {"collection": n % 100, "type": "txt"}),
            [PassageEntry(n, ["x"] * (1 + n % 7))],
        )
        for n in range(2000)
    )
    found = index.search(["x"], 10, index.mask({"collection": [99]}))
    assert (len(found.hits), found.matched) == (10, 20)
    assert all(hit.passage_id % 100 == 99 for hit in found.hits)


def test_masks_select_by_every_attribute():
    index = an_index()
    assert ids(index, index.mask()) == [11, 12, 21, 22, 31, 32, 41, 42]
    assert ids(index, index.mask({"collection": [1]})) == [11, 12, 41, 42]
    assert ids(index, index.mask({"type": ["pdf", "md", "none"]})) == [11, 12, 31, 32, 41, 42]
    assert ids(index, index.mask({"collection": [2], "type": ["pdf"]})) == [31, 32]
    assert ids(index, index.mask({"collection": []})) == []


def test_language_and_year_are_selected_by_in_memory_and_on_disk(tmp_path):
    index = BM25Index.build(
        [
            (
                DocumentEntry(
                    "one", {"collection": 1, "type": "pdf", "language": "en", "year": 1999}
                ),
                [PassageEntry(11, ["en:x"], ["x"])],
            ),
            (
                DocumentEntry(
                    "two", {"collection": 1, "type": "pdf", "language": "de", "year": 2024}
                ),
                [PassageEntry(21, ["en:x"], ["x"])],
            ),
        ]
    )
    index.add(
        DocumentEntry("three", {"collection": 1, "type": "pdf", "language": "fr", "year": 2024}),
        [PassageEntry(31, ["fr:x"], ["x"])],
    )
    index.add(
        DocumentEntry("one", {"collection": 1, "type": "pdf", "language": "de", "year": 2001}),
        [PassageEntry(12, ["en:x"], ["x"])],
    )
    index.save(tmp_path / "saved", 1)
    for each in (index, BM25Index.open(tmp_path / "saved")):
        assert ids(each, each.mask({"language": ["de", "fr"]})) == [21, 31, 12]
        assert ids(each, each.mask({"language": ["de"], "year": [2001]})) == [12]
        assert ids(each, each.mask({"year": [2024, 1999]})) == [21, 31]
        assert (
            ids(each, each.mask({"language": ["xx"]})) == ids(each, each.mask({"year": []})) == []
        )


def test_a_mask_is_made_once_until_the_index_changes():
    index = an_index()
    before = index.mask({"collection": [1]})
    assert index.mask({"collection": {1}}) is before
    index.remove("one")
    assert ids(index, index.mask({"collection": [1]})) == [41, 42]


def test_an_earlier_mask_lets_nothing_through_that_came_later():
    index = an_index()
    mask = index.mask({"collection": [1]})
    index.add(DocumentEntry("one", {"collection": 1, "type": "pdf"}), [PassageEntry(13, ["x"])])
    assert {hit.passage_id for hit in index.search(["x"], 9, mask).hits} == {41, 42}
    assert {hit.passage_id for hit in index.search(["x"], 9).hits} == {13, 21, 31, 41, 42}


def test_documents_are_found_by_terms_in_different_passages():
    index = an_index()
    assert ids(index, index.holding(["x", "y"])) == [11, 12, 41, 42]
    assert ids(index, index.holding(["x", "none"])) == []
    inside = index.mask({"type": ["md"]})
    assert ids(index, index.holding(["x", "y"], within=inside)) == [41, 42]
