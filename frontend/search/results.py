"""A page of results for the templates: snippets, links, page numbers, explanations."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.formats import number_format

from documents.auth import access
from documents.models.permissions import Caller
from frontend.page_numbers import Pages, page_of_words, page_starts, pages_of
from frontend.search.explanations import ExplanationRow, explanation_rows
from frontend.search.facets import FacetGroup, facet_groups
from frontend.search.params import SearchParams
from frontend.snippets import SnippetPiece, plain_title, snippet
from retrieval.feedback import judgements_of
from retrieval.search import (
    HYBRID,
    WEAK,
    DocumentCard,
    PassageHit,
    SearchResponse,
    SearchResult,
    telling_grades,
)

WIDTHS = (340, 220, 220)


@dataclass(frozen=True)
class PassageView:
    passage: int
    pieces: list[SnippetPiece]
    address: str
    pages: Pages | None
    headings: list[str]


@dataclass(frozen=True)
class ResultView:
    number: int
    document: DocumentCard
    address: str
    passages: list[PassageView]
    reasons: list[ExplanationRow]
    path: str
    relevance: str
    pinned: bool
    label: str  # the relevance, where it sets results of the page apart
    similar: str
    judged: bool | None = None
    may_pin: bool = False


@dataclass(frozen=True)
class ResultsView:
    page: SearchResponse
    results: list[ResultView]
    related: list[ResultView]  # loosely, after the last result
    facets: list[FacetGroup]
    pages: list[tuple[int | None, str]]
    previous: str
    next: str
    last: str  # where the page is beyond it
    suggested: str
    hybrid: str
    seconds: str
    query: str
    answers: str
    doubtful: bool  # nothing matches well


def results_view(page: SearchResponse, params: SearchParams, user: Caller) -> ResultsView:
    """The view of `page`, the response to `params`."""
    if page.corrected and page.suggestion:
        params = replace(params, query=page.suggestion)
    last = max(1, -(-page.total // page.page_size))
    first = (page.page - 1) * page.page_size + 1

    def address(number: int) -> str:
        return params.url_for_page(number, page.search_id)

    shown = [*page.results, *page.related]
    starts = page_starts(shown)
    edited = set() if params.like else access.edited_slugs(user)
    judged = judgements_of(user, params.query, [hit.document.id for hit in shown])
    grades = [hit.relevance for hit in page.results]
    telling = telling_grades(grades)

    def views(hits: Sequence[SearchResult], first: int, graded: bool) -> list[ResultView]:
        return [
            replace(
                _result(number, hit, params, starts.get(hit.document.id, [])),
                judged=judged.get(hit.document.id),
                may_pin=bool(hit.relevance) and hit.document.collection in edited,
                label=hit.relevance if graded and hit.relevance in telling else "",
            )
            for number, hit in enumerate(hits, start=first)
        ]

    return ResultsView(
        page=page,
        results=views(page.results, first, graded=True),
        related=[
            replace(one, passages=one.passages[:1])
            for one in views(page.related, page.total + 1, graded=False)
        ],
        facets=list(facet_groups(page, replace(params, search_id=page.search_id))),
        pages=[(n, address(n)) if n else (None, "") for n in _numbers(page.page, last)],
        previous=address(page.page - 1) if page.page > 1 else "",
        next=address(page.page + 1) if page.page < last else "",
        last=address(last) if page.total and page.page > last else "",
        suggested=params.url_for_query(page.suggestion) if page.suggestion else "",
        hybrid=params.url_for_mode(HYBRID),
        seconds=number_format(max(0.01, page.took_ms.get("total", 0) / 1000), 2),
        query=params.query,
        answers=address(page.page).replace(reverse("search"), reverse("search_answers"), 1),
        doubtful=page.page == 1 and page.has_documents and set(grades) <= {WEAK},
    )


def _numbers(current: int, last: int) -> Iterator[int | None]:
    paginator = Paginator(range(last), 1)
    for number in paginator.get_elided_page_range(min(current, last), on_each_side=2, on_ends=1):
        yield number if isinstance(number, int) else None


def _result(
    number: int, result: SearchResult, params: SearchParams, starts: Sequence[int]
) -> ResultView:
    words = "" if params.like else params.query
    views = [
        PassageView(
            passage=hit.passage_id,
            pieces=snippet(hit.text, hit.highlights, width, hit.headings),
            address=_place(result, hit, words, starts),
            pages=pages_of((hit.start, hit.end), starts),
            headings=_shown_headings(hit, result.document.title),
        )
        for hit, width in zip(_shown_passages(result), WIDTHS, strict=False)
    ]
    return ResultView(
        number=number,
        document=result.document,
        address=views[0].address if views else result.document.url,
        passages=views,
        reasons=list(explanation_rows(result.explanation)),
        path=_shown_path(result.document.source),
        relevance=result.relevance,
        pinned=result.pinned,
        label="",
        similar=SearchParams(query=f"like:{result.document.id}").address,
    )


def _shown_passages(result: SearchResult) -> Sequence[PassageHit]:
    """The passages, without further ones that hold no word of the query where the first does."""
    hits = result.passages
    return [hit for hit in hits if hit.highlights] if hits and hits[0].highlights else hits


def _shown_headings(hit: PassageHit, title: str) -> list[str]:
    """The headings above a passage, without a first one that repeats the document's title."""
    headings = [plain_title(heading) for heading in hit.headings]
    return headings[1:] if headings[:1] == [title] else headings


def _place(result: SearchResult, hit: PassageHit, query: str, starts: Sequence[int]) -> str:
    """The location of a passage in its document, with the document's other passages.

    A passage that spans pages opens on the page with most of its highlights.
    """
    others = [("also", f"{one.start}-{one.end}") for one in result.passages if one != hit]
    pairs = [("start", str(hit.start)), ("end", str(hit.end)), *others, ("q", query)]
    pages, page = pages_of((hit.start, hit.end), starts), page_of_words(hit, starts)
    if pages and page and page > pages[0]:
        pairs.append(("page", str(page)))
    return f"{result.document.url}?{urlencode(pairs)}#passage"


def _shown_path(source: str) -> str:
    """The source, unless it is a path on the server."""
    return "" if source.startswith("/") else source
