"""If words unquoted find a document in which they are adjacent, quoted they find it as well, and
excluded they exclude it: whatever letters, accents, hyphens and joints either side writes."""

import unicodedata
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from documents.models.ranking_settings import FieldWeights
from retrieval.hits import DocumentEntry
from retrieval.lexical import BM25Index
from retrieval.live_index.passage_entries import PassageText, passage_entries
from retrieval.query.context import SearchContext
from retrieval.query.filters import Filters
from retrieval.query.parser import parse_query
from retrieval.query.phrases import phrase_of
from tests.properties import examples

SPELLINGS = [
    ("Straße", "strasse"),
    ("Müller", "mueller"),
    ("Bjørn", "bjorn"),
    ("café", "CAFE", unicodedata.normalize("NFD", "café")),
    ("ﬁle", "file"),
    ("hyphen\u00adation", "hyphenation"),
    ("Wi-Fi", "wifi", "Wi\u2011Fi"),
    ("long\u2010term", "long-term", "longterm"),
    ("\uff53earch", "search"),
    ("łódź", "lodz"),
    ("жизнь", "ЖИЗНЬ"),
    ("图书馆", "圖書館"),
    ("the", "The"),
    ("O\u2019Neill", "O'Neill"),
    ("ERR_4711", "err-4711"),
]
WORD = st.sampled_from(SPELLINGS)
LANGUAGE = st.sampled_from(["en", "de", "fr", "ru", "zh"])


def index_of(*texts: str, language: str, start: int | None = None) -> BM25Index:
    """One document of passages that follow each other; the second begins at `start` of the whole
    if they overlap."""
    starts = [0, len(texts[0]) if start is None else start]
    passages = [
        PassageText(pk, (), text, at)
        for pk, (text, at) in enumerate(zip(texts, starts, strict=False), 1)
    ]
    columns: dict[str, str | int] = {"collection": 1, "language": language}
    entries = list(passage_entries("Title", "name.txt", language, passages, FieldWeights()))
    return BM25Index.build([(DocumentEntry("one", columns), entries)])


def passing(query: str, index: BM25Index) -> int:
    return SearchContext.of(parse_query(query), Filters(frozenset([1])), index).passing


@examples(150)
@given(st.data(), WORD, WORD, LANGUAGE)
def test_what_stands_side_by_side_is_a_phrase_and_can_be_excluded(
    data: st.DataObject, left: tuple[str, ...], right: tuple[str, ...], language: str
) -> None:
    language = "de" if {"Müller"} & {left[0], right[0]} else language
    written = f"{data.draw(st.sampled_from(left))} {data.draw(st.sampled_from(right))}"
    typed = f"{data.draw(st.sampled_from(left))} {data.draw(st.sampled_from(right))}"
    index = index_of(f"Before it, {written} and more.", language=language)
    context = SearchContext.of(parse_query(typed), Filters(frozenset([1])), index)

    if index.search_documents(context.terms.search, 9, context.allowed, context.visible).documents:
        assert passing(f'"{typed}"', index) == 1
        assert passing(f'-"{typed}"', index) == 0


@examples(60)
@given(WORD, WORD, LANGUAGE)
def test_a_phrase_runs_over_the_border_of_two_passages(
    left: tuple[str, ...], right: tuple[str, ...], language: str
) -> None:
    first, second = f"Before it, {left[0]} ", f"{right[0]} and more."
    index = index_of(first, second, language=language)
    assert passing(f'"{left[0]} {right[0]}"', index) == 2
    assert passing(f'-"{left[0]} {right[0]}"', index) == 0
    assert passing(f'"{right[0]} {left[0]}"', index) == 2 * (left == right)


def test_passages_that_overlap_count_their_words_once() -> None:
    text = "alpha beta gamma delta epsilon zeta"
    overlap = text.index("gamma")
    index = index_of(text[: text.index(" epsilon")], text[overlap:], language="en", start=overlap)
    for left, right in pairwise(text.split()):
        assert passing(f'"{left} {right}"', index) == 2
    assert passing('"beta gamma delta epsilon"', index) == 2
    assert passing('"delta gamma"', index) == passing('"beta delta"', index) == 0


def test_a_text_without_words_is_no_phrase() -> None:
    assert phrase_of("?! …", ["en"]) is None


def test_the_exact_word_is_meant_and_not_its_stem() -> None:
    index = index_of("Important people.", language="en")
    assert passing('"import"', index) == 0
    assert passing("people -import", index) == 1
    assert passing("people -important", index) == 0
