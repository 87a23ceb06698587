"""Compile, or load from the cache, every kernel of the lexical index before traffic comes."""

import tempfile
from pathlib import Path

from retrieval.entries import ChunkEntry, DocumentEntry
from retrieval.lexical import BM25Index


def warm_up() -> None:
    """Run each path once on a tiny index, in memory and from disk; seconds without a cache."""
    first, second = DocumentEntry("first", 1, "txt"), DocumentEntry("second", 1, "txt")
    chunk = ChunkEntry(1, ["en:word", "en:other"], ["word", "others"])
    index = BM25Index.build([(first, [chunk])])
    index.add(second, [ChunkEntry(2, ["en:word"], ["words"])])
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder) / "snapshot", 0)
        opened = BM25Index.open(Path(folder) / "snapshot")
        for each in (index, opened):
            each.search(["en:word"], 1, each.mask(collections=[1]))
            each.score(["en:word"], [1, 2])
            each.holding(["en:word"])
            each.get_scores(["en:word"])
            each.vocabulary("en").count("words")
