"""An index of four documents: a snapshot of three, and one in the segment."""

from retrieval.hits import DocumentEntry, PassageEntry
from retrieval.lexical import BM25Index


def an_index():
    index = BM25Index.build(
        [
            (
                DocumentEntry("one", {"collection": 1, "type": "pdf"}),
                [PassageEntry(11, ["x"]), PassageEntry(12, ["y", "z"])],
            ),
            (
                DocumentEntry("two", {"collection": 2, "type": "txt"}),
                [PassageEntry(21, ["x"]), PassageEntry(22, ["q"])],
            ),
            (
                DocumentEntry("three", {"collection": 2, "type": "pdf"}),
                [PassageEntry(31, ["x"]), PassageEntry(32, ["w"])],
            ),
        ]
    )
    index.add(
        DocumentEntry("four", {"collection": 1, "type": "md"}),
        [PassageEntry(41, ["x"]), PassageEntry(42, ["y", "x"])],
    )
    return index


def ids(index, mask):
    return index.passage_ids(mask).tolist()
