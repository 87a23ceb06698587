"""Titles and headings by prefixes of words: as reading each finds them, in snapshot and segment,
and as an index finds them that never held the hidden ones."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from documents.models.ranking_settings import FieldWeights
from retrieval.hits import DocumentEntry
from retrieval.lexical import BM25Index
from retrieval.live_index.passage_entries import PassageText, passage_entries
from tests.properties import examples

SEEN, HIDDEN = "seen", "hidden"

line = st.lists(st.sampled_from(["tide", "tidal", "moon", "ebb"]), min_size=1, max_size=4).map(
    " ".join
)
passages = st.lists(st.lists(line, max_size=3), min_size=1, max_size=3)  # the headings of each
documents = st.lists(st.tuples(st.sampled_from([SEEN, HIDDEN]), line, passages), max_size=4)
typed = st.lists(st.sampled_from(["t", "tid", "tide", "moon", "e", "x"]), min_size=1, max_size=3)

Written = tuple[str, str, list[list[str]]]  # collection, title, headings of passages


def add(index: BM25Index, number: int, document: Written) -> None:
    collection, title, paths = document
    texts = [
        PassageText(number * 10 + at, headings, "ebb tide moon", at * 14)
        for at, headings in enumerate(paths)
    ]
    entries = list(passage_entries(title, "", "en", texts, FieldWeights()))
    index.add(DocumentEntry(str(number), {"collection": collection}), entries)


def fits(text: str, prefixes: Sequence[str]) -> bool:
    words = text.split()
    return all(any(word.startswith(prefix) for word in words) for prefix in prefixes)


def expected(held: Sequence[Written], prefixes: Sequence[str]) -> tuple[list[int], list[int]]:
    """Passages with a fitting title or new heading, one for each; none of hidden documents."""
    titles, headings = list[int](), list[int]()
    for number, (collection, title, paths) in enumerate(held):
        if collection == HIDDEN:
            continue
        titles += [number * 10] * fits(title, prefixes)
        before = list[str]()
        for at, path in enumerate(paths):
            shared = 0
            while path[: shared + 1] == before[: shared + 1] and shared < len(path):
                shared += 1
            headings += [number * 10 + at] * sum(fits(each, prefixes) for each in path[shared:])
            before = path
    return titles, headings


@examples(60)
@given(documents, documents, typed)
def test_headlines_are_those_that_reading_finds(
    at_rest: list[Written], added: list[Written], prefixes: list[str]
) -> None:
    held = [*at_rest, *added]
    index, alone = BM25Index.build([]), BM25Index.build([])
    for number, document in enumerate(at_rest):
        add(index, number, document)
    with TemporaryDirectory() as folder:
        index.save(Path(folder) / "index")
        index = BM25Index.open(Path(folder) / "index")
        for number, document in enumerate(held):
            if number >= len(at_rest):
                add(index, number, document)
            if document[0] == SEEN:
                add(alone, number, document)
        within = index.mask({"collection": [SEEN]})
        words = [(prefix,) for prefix in prefixes]

        found = index.headlines(words, within, 99)
        assert (sorted(found.titles), sorted(found.headings)) == expected(held, prefixes)
        few, its = index.headlines(words, within, 2), alone.headlines(words, alone.mask(), 2)
        assert few.titles.tolist() == its.titles.tolist()
        assert few.headings.tolist() == its.headings.tolist()
        for prefix in prefixes:
            mine = index.headline_words(prefix, within)
            assert mine == alone.headline_words(prefix, alone.mask())


def test_those_that_begin_as_typed_come_first_then_the_newest() -> None:
    index = BM25Index.build([])
    for number, title in enumerate(["ebb tide", "tide tables", "tide and ebb", "moon ebb tide"]):
        add(index, number, (SEEN, title, [[]]))
    assert index.headlines([("tid",)], index.mask(), 3).titles.tolist() == [20, 10, 0]
    assert index.headlines([("eb",), ("ti",)], index.mask(), 1).titles.tolist() == [0]
