"""The passages of a document as the lexical index takes them: analysed, with places for words."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import PurePath

from documents.chunking import indexed_fields
from documents.models.ranking_settings import FieldWeights
from retrieval.analysis import AnalyzedText, analyze_text
from retrieval.hits import CARRIED_BLOCK, FIELD_GAP, HEADING_BLOCK, PassageEntry


@dataclass(frozen=True)
class PassageText:
    """A passage as stored; `start` is its place in the document's text, in code points."""

    passage_id: int
    headings: Sequence[str]
    text: str
    start: int


def passage_entries(
    title: str,
    filename: str,
    language: str,
    passages: Iterable[PassageText],
    weights: FieldWeights,
) -> Iterator[PassageEntry]:
    """The entries of a document's passages, in the order in which they follow each other.

    BM25 over weighted fields as in Robertson, Zaragoza and Taylor, "Simple BM25 Extension to
    Multiple Weighted Fields" (CIKM 2004): a field counts as if it stood there as often as it
    weighs, in term frequency and in length. Positions are those of one copy.
    """

    @cache  # passages of a document have few titles and headings between them
    def analyzed(text: str) -> AnalyzedText:
        return analyze_text(text, language)

    fields = [analyzed(title), analyzed(filename)]
    name = PurePath(filename).stem
    named = analyzed("" if name in title else name)
    before: tuple[int, int, AnalyzedText] | None = None  # start, number of the first word, words
    headings: Sequence[str] = ()
    for passage in passages:
        own = analyze_text(passage.text, language)
        first = 0
        if before is not None:
            start, number, words = before
            first = number + bisect_left(words.starts, passage.start - start)
        before = (passage.start, first, own)
        shared = _shared(headings, passage.headings)
        headings = passage.headings
        above, path, rest = indexed_fields(title, passage.headings, passage.text)
        heading = analyzed(passage.text.removesuffix(rest))
        parts = [
            *[analyzed(above), named] * weights.title,
            *[analyzed(path)] * weights.headings,
            *[_behind(heading, own)] * weights.text,
        ]
        yield PassageEntry(
            passage.passage_id,
            [term for part in parts for term in part.terms],
            [surface for part in parts for surface in part.surfaces],
            _words([own, *fields], [analyzed(each) for each in headings], shared),
            first_word=first,
            own_words=own.width,
            title_words=fields[0].width,
            filename_words=fields[1].width,
        )


def _behind(heading: AnalyzedText, whole: AnalyzedText) -> AnalyzedText:
    """The terms of a text without those of the heading that it begins with."""
    count = len(heading.terms)
    if whole.terms[:count] != heading.terms:  # its last word goes on in the next line
        return whole
    return replace(whole, terms=whole.terms[count:], surfaces=whole.surfaces[count:])


def _shared(earlier: Sequence[str], headings: Sequence[str]) -> int:
    """How many headings, from the first on, the passage before has too."""
    pairs = enumerate(zip(earlier, headings, strict=False))
    return next(
        (at for at, (one, other) in pairs if one != other), min(map(len, (earlier, headings)))
    )


def _words(
    fields: Sequence[AnalyzedText], headings: Sequence[AnalyzedText], shared: int
) -> list[tuple[str, int, int]]:
    """The words of all fields, one field behind the other with a gap between, and of the headings,
    each in blocks of its own: first those behind the `shared` ones."""
    found: list[tuple[str, int, int]] = []
    offset = 0
    for field in fields:
        found += _moved(field, offset)
        offset += field.width + FIELD_GAP
    for first, listed in ((0, headings[shared:]), (CARRIED_BLOCK, headings[:shared])):
        at = offset + first * HEADING_BLOCK
        for heading in listed:
            found += _moved(heading, at)
            at += -(-(heading.width + FIELD_GAP) // HEADING_BLOCK) * HEADING_BLOCK
    return found


def _moved(field: AnalyzedText, offset: int) -> list[tuple[str, int, int]]:
    return [(word, offset + at, width) for word, at, width in field.words]
