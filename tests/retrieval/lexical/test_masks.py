"""Masks over documents and passages, of a snapshot's part and of a segment's."""

from uuid import UUID, uuid4

import numpy as np

from retrieval.hits import DocumentEntry, PassageEntry
from retrieval.lexical import BM25Index, masked_index, masks
from retrieval.lexical.kernels import Bools, Hashes
from retrieval.lexical.masks import DocumentColumns
from retrieval.lexical.postings import document_key, document_keys


def an_index() -> BM25Index:
    """Documents one (passages 11, 12) and two (21) at rest, three (31, 32) and one again (13)."""
    index = BM25Index.build(
        [
            (DocumentEntry("one", {"type": "pdf"}), [chunk(11, "x"), chunk(12, "y")]),
            (DocumentEntry("two", {"type": "txt"}), [chunk(21, "x")]),
        ]
    )
    index.add(DocumentEntry("three", {"type": "md", "year": 2024}), [chunk(31), chunk(32, "x y")])
    index.add(DocumentEntry("one", {"type": "md"}), [chunk(13, "x")])
    return index


def chunk(number: int, words: str = "z") -> PassageEntry:
    return PassageEntry(number, words.split())


def keys(*names: str) -> Hashes:
    return np.array([document_key(name) for name in names], np.uint64)


def ids(index: BM25Index, mask: Bools) -> list[int]:
    return index.passage_ids(mask).tolist()


def test_a_key_of_a_uuid_is_the_same_alone_and_packed() -> None:
    several = [uuid4() for _ in range(20)] + [UUID(int=0), UUID(int=2**128 - 1), UUID(int=7)]
    packed = document_keys(b"".join(each.bytes for each in several))
    assert packed.tolist() == [document_key(str(each)) for each in several]
    assert len(set(packed.tolist()[:20])) == 20
    assert document_key("not a UUID") != document_key("another")


def test_a_table_says_which_codes_are_wanted_and_no_value_never_is() -> None:
    store = an_index()._store
    tables = masks.tables(store, {"type": ["md", "txt", "gone"], "year": [2024], "colour": ["red"]})
    assert {name: table.tolist() for name, table in tables.items()} == {
        "type": [False, True, True, False],  # pdf, txt, md, none
        "year": [True, False],
        "colour": [False],
    }


def test_columns_are_selected_by_with_documents_that_have_no_value() -> None:
    index = an_index()
    assert ids(index, index.mask({"type": ["md"]})) == [31, 32, 13]
    assert ids(index, index.mask({"year": [2024]})) == [31, 32]
    assert ids(index, index.mask({"year": ["2024"]})) == []  # a text is no number
    assert ids(index, index.mask({"colour": ["red"]})) == []


def test_documents_are_selected_by_key_in_their_newest_version() -> None:
    index = an_index()
    everywhere = index.mask()
    assert ids(index, index.among(keys("one", "two", "gone"), everywhere)) == [21, 13]
    assert ids(index, index.among(keys(), everywhere)) == []
    assert ids(index, index.among(keys("one", "three"), index.mask({"year": [2024]}))) == [31, 32]


def test_a_mask_made_of_an_earlier_one_ends_where_that_ends() -> None:
    index = an_index()
    before = index.mask()
    index.add(DocumentEntry("four", {"type": "md"}), [chunk(41, "x")])
    assert len(index.among(keys("three", "four"), before)) == len(before)
    assert index.allowed(before, [31, 41, 999]).tolist() == [True, False, False]


def test_every_passage_belongs_to_the_document_it_came_with() -> None:
    view = DocumentColumns.of(an_index()._store)
    assert masks.owners(view, np.arange(6)).tolist() == [0, 0, 1, 2, 2, 3]


def test_only_so_many_masks_are_kept() -> None:
    index = an_index()
    first = index.mask({"year": [0]})
    for year in range(1, masked_index.MASKS_KEPT + 5):
        index.mask({"year": [year]})
    assert len(index._masks) == masked_index.MASKS_KEPT
    assert index.mask({"year": [0]}) is not first
