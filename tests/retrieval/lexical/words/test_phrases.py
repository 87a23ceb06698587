"""Words in a row by positions: the same as reading every text, in snapshot and segment."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.hits import DocumentEntry, PassageEntry
from retrieval.lexical import AnyWord, BM25Index, Phrase
from tests.properties import examples

WORDS = ["tide", "moon", "wi", "fi"]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=8), min_size=1, max_size=3)
DOCUMENTS = st.lists(TEXTS, max_size=5)
PHRASES = st.lists(
    st.lists(st.sampled_from([*WORDS, "wifi", "absent"]), min_size=1, max_size=3).map(tuple),
    min_size=1,
    max_size=3,
).map(lambda variants: Phrase(tuple(variants)))


def entries(number: int, texts: list[list[str]]) -> tuple[DocumentEntry, list[PassageEntry]]:
    """A document whose passages follow each other; `wi fi` is `wifi` as well."""
    passages, first = [], 0
    for ordinal, text in enumerate(texts):
        words = [(word, at, 1) for at, word in enumerate(text)]
        words += [
            ("wifi", at, 2) for at in range(len(text) - 1) if text[at : at + 2] == ["wi", "fi"]
        ]
        stems = [f"en:{word}" for word in text]
        passages.append(
            PassageEntry(
                number * 10 + ordinal, stems, text, words, first_word=first, own_words=len(text)
            )
        )
        first += len(text)
    return DocumentEntry(str(number)), passages


Read = list[tuple[str, int]]  # each word with the ordinal of its passage


def holds(text: Read, words: tuple[str, ...]) -> bool:
    """Whether the words stand in a row, read one after the other; no word runs over a border."""
    if not words:
        return True
    first_two = [("wi", text[0][1]), ("fi", text[0][1])] if text else []
    if words[0] == "wifi" and text and text[:2] == first_two and holds(text[2:], words[1:]):
        return True
    return bool(text) and text[0][0] == words[0] and holds(text[1:], words[1:])


def stands_in(texts: list[list[str]], phrase: Phrase) -> bool:
    """Whether it stands in passages that follow each other."""
    read = [(word, ordinal) for ordinal, text in enumerate(texts) for word in text]
    return any(
        holds(read[at:], words) for words in phrase.variants for at in range(max(len(read), 1))
    )


@examples(60)
@given(DOCUMENTS, DOCUMENTS, st.sets(st.integers(0, 9)), PHRASES)
def test_phrases_are_found_where_reading_the_texts_finds_them(
    at_rest: list[list[list[str]]],
    added: list[list[list[str]]],
    removed: set[int],
    phrase: Phrase,
) -> None:
    every = dict(enumerate([*at_rest, *added]))
    with TemporaryDirectory() as folder:
        built = BM25Index.build(entries(n, every[n]) for n in range(len(at_rest)))
        built.save(Path(folder) / "one", 0)
        index = BM25Index.open(Path(folder) / "one")
        for n in range(len(at_rest), len(every)):
            index.add(*entries(n, every[n]))
        for n in removed & every.keys():
            index.remove(str(n))
            del every[n]
        index.save(Path(folder) / "two", 0)
        for each in (index, BM25Index.open(Path(folder) / "two")):
            passages = {
                n * 10 + at
                for n, texts in every.items()
                for at, text in enumerate(texts)
                if stands_in([text], phrase)
            }
            found = each.search([phrase], 1000)
            assert {hit.passage_id for hit in found.hits} == passages
            across = {n for n, texts in every.items() if stands_in(texts, phrase)}
            mask = each.with_phrase(phrase, each.mask({}))
            assert {pk // 10 for pk in each.passage_ids(mask).tolist()} == across


def index_of(*documents: list[PassageEntry]) -> BM25Index:
    return BM25Index.build((DocumentEntry(str(n)), each) for n, each in enumerate(documents))


def words_at(*words: str) -> list[tuple[str, int, int]]:
    return [(word, at, 1) for at, word in enumerate(words) if word]


def found(index: BM25Index, *words: str, field: str | None = None) -> list[int]:
    mask = index.with_phrase(Phrase((words,)), index.mask({}), field)
    return index.passage_ids(mask).tolist()


def test_no_phrase_runs_from_one_field_into_the_next() -> None:
    gap = [""] * 8
    words = words_at("new", "moon", *gap, "spring", "tide", *gap, "report", "txt", *gap, "Head")
    index = index_of([PassageEntry(1, [], [], words, 0, 2, 2, 2)])
    assert found(index, "new", "moon") == found(index, "spring", "tide") == [1]
    assert found(index, "moon", "spring") == found(index, "tide", "report") == []


def test_a_field_is_asked_for_alone() -> None:
    gap = [""] * 8
    words = words_at("new", "moon", *gap, "spring", "tide", *gap, "report", "txt")
    index = index_of([PassageEntry(1, [], [], words, 0, 2, 2, 2)])
    assert found(index, "spring", "tide", field="title") == [1]
    assert found(index, "report", field="filename") == [1]
    for words_elsewhere in (("new",), ("report",), ("tide", "report")):
        assert found(index, *words_elsewhere, field="title") == []
    assert found(index, "tide", field="filename") == found(index, "moon", field="filename") == []


@pytest.mark.parametrize("field", [None, "title", "filename"])
def test_an_empty_index_has_no_phrase(field: str | None) -> None:
    assert found(BM25Index.build([]), "new", "moon", field=field) == []


def test_any_of_some_words_counts_as_often_as_they_stand_together() -> None:
    index = index_of(
        [PassageEntry(1, ["en:a"], [], words_at("steuer", "steuern"))],
        [PassageEntry(2, ["en:a"], [], words_at("steuern", "x"))],
        [PassageEntry(3, ["en:a"], [], words_at("feuer"))],
    )
    term = AnyWord("steuer*", ("steuer", "steuern", "nowhere"))
    assert index.frequencies([term]) == [2]
    assert [each.tf for each in index.explain([term], 1)] == [2]
    assert [hit.passage_id for hit in index.search([term], 9).hits] in ([1, 2], [2, 1])


def test_what_stands_beyond_the_last_place_is_found_in_no_phrase() -> None:
    far = 1 << 14
    index = index_of(
        [PassageEntry(1, [], [], [("near", 0, 1), ("far", far, 1), ("off", far + 1, 1)])]
    )
    assert found(index, "near") == [1]
    assert found(index, "far", "off") == []
