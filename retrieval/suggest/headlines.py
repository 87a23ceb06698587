"""Titles and headings of documents that the caller may see, by prefixes of their words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F

from documents.models import Document, Passage
from retrieval.analysis import CutWord, Prefixes, TypedMatch, match_typed
from retrieval.lexical import BM25Index, Bools, HeadlineHits
from retrieval.models import Click
from retrieval.query import Filters
from retrieval.suggest.spelling import is_mendable, words_near_prefix
from retrieval.suggest.suggestion import Suggestion, SuggestionKind, forms_of

MOST_READ = 64  # titles, and headings, that are read from the database
MOST_MENDED = 2  # words that no headline has: more of them are the beginning of no headline
LONGEST_HEADING = 180  # bytes; a longer one may be cut in its passages


@dataclass(frozen=True)
class _Row:
    """A passage that brings its document's title or a heading."""

    passage: int
    document: UUID
    title: str
    language: str
    collection: str
    created_at: datetime
    headings: Sequence[str]


def find_headlines(
    words: Sequence[CutWord], filters: Filters, index: BM25Index
) -> list[Suggestion]:
    """Titles, then headings, that have all the words typed: those that begin with them first, then
    by place, then titles of documents that are opened often and newer ones. Where nothing has
    them, unknown ones stand for words that begin nearly so."""
    allowed = index.mask(filters.index_columns)
    typed: list[Prefixes] = [(word.folded,) for word in words]
    hits = index.headlines(_atoms(words, typed), allowed, MOST_READ)
    if not _any(hits) and (mended := _mended(words, index, allowed)):
        typed = mended
        hits = index.headlines(_atoms(words, typed), allowed, MOST_READ)
    if not _any(hits):
        return []
    rows = _rows([*hits.titles.tolist(), *hits.headings.tolist()], filters)
    titles = [rows[each] for each in hits.titles.tolist() if each in rows]
    headings = [rows[each] for each in hits.headings.tolist() if each in rows]
    return [*_titles(titles, typed), *_headings(headings, typed)]


def _any(hits: HeadlineHits) -> bool:
    return bool(len(hits.titles) or len(hits.headings))


def _atoms(words: Sequence[CutWord], typed: Sequence[Prefixes]) -> list[Prefixes]:
    """What the index is asked for: text without spaces by its single characters."""
    found: list[Prefixes] = []
    for word, prefixes in zip(words, typed, strict=True):
        found += [(atom,) for atom in word.atoms] if word.is_unspaced else [prefixes]
    return found


def _mended(words: Sequence[CutWord], index: BM25Index, allowed: Bools) -> list[Prefixes] | None:
    """The words, and for those that no headline has, words of headlines that begin nearly so and
    with the same letter, which hardly anybody mistypes; None where nothing can be mended."""
    unknown = [
        word
        for word in words
        if not word.is_unspaced
        and is_mendable(word.folded)
        and not _any(index.headlines([(word.folded,)], allowed, 1))
    ]
    if not 0 < len(unknown) <= MOST_MENDED:
        return None
    near = {
        word: tuple(words_near_prefix(word.folded, index.headline_words(word.folded[0], allowed)))
        for word in unknown
    }
    return [near.get(word, (word.folded,)) for word in words] if all(near.values()) else None


def _rows(passages: Iterable[int], filters: Filters) -> dict[int, _Row]:
    """The passages that the caller may see now; the index may be a second behind."""
    found = Passage.objects.filter(
        pk__in=list(passages),
        version=F("document__version"),
        document__collection__in=filters.collections,
        document__deleted_at=None,
    ).values_list(
        "pk", "document_id", "document__title", "document__language",
        "document__collection__name", "document__created_at", "headings",
    )  # fmt: skip
    return {row[0]: _Row(*row) for row in found}


def _titles(rows: Iterable[_Row], typed: Sequence[Prefixes]) -> list[Suggestion]:
    matched = [
        (match, row)
        for row in {row.document: row for row in rows}.values()
        if (match := match_typed(row.title, typed, row.language))
    ]
    opened = _times_opened(row.document for _, row in matched)

    def order(pair: tuple[TypedMatch, _Row]) -> tuple[Any, ...]:
        match, row = pair
        return match.order, -opened.get(row.document, 0), -row.created_at.timestamp()

    found: list[Suggestion] = []
    for match, row in sorted(matched, key=order):
        forms = forms_of(row.title, [row.language])
        known = (at for at, each in enumerate(found) if each.forms & forms)
        if (at := next(known, None)) is not None:
            found[at] = replace(found[at], url="", collection="")
            continue
        url = Document(pk=row.document).get_absolute_url()
        found.append(
            Suggestion(SuggestionKind.TITLE, row.title, match.spans, url, row.collection, forms)
        )
    return found


def _times_opened(documents: Iterable[UUID]) -> dict[UUID, int]:
    clicks = Click.objects.filter(document__in=list(documents)).order_by()
    return dict(clicks.values_list("document").annotate(Count("pk")))


def _headings(rows: Iterable[_Row], typed: Sequence[Prefixes]) -> list[Suggestion]:
    found: dict[str, tuple[TypedMatch, str]] = {}
    for row in rows:
        for heading in row.headings:
            if heading in found or len(heading.encode()) > LONGEST_HEADING:
                continue
            if match := match_typed(heading, typed, row.language):
                found[heading] = match, row.language
    ordered = sorted(found.items(), key=lambda item: item[1][0].order)
    return [
        Suggestion(
            SuggestionKind.HEADING, heading, match.spans, forms=forms_of(heading, [language])
        )
        for heading, (match, language) in ordered
    ]
