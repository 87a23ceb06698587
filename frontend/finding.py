"""A page of results as the templates show it: excerpts, links, facets, page numbers, reasons."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from documents.querysets import Caller
from frontend.asking import Asked
from frontend.excerpts import Piece, bare, excerpt
from retrieval.feedback import judged
from retrieval.pages import DocumentCard, Page, PassageHit, Result
from retrieval.strength import WEAK

WIDTHS = (340, 220, 220)


@dataclass(frozen=True)
class PassageView:
    chunk: int
    pieces: list[Piece]
    address: str
    page: int | None
    headings: list[str]


@dataclass(frozen=True)
class Reason:
    """One step of the ranking: where the result stood in it, by which value, and why."""

    label: str
    rank: int | None
    value: str
    words: list[str]
    moved: str = ""


@dataclass(frozen=True)
class ResultView:
    number: int
    document: DocumentCard
    address: str
    passages: list[PassageView]
    reasons: list[Reason]
    path: str
    strength: str
    similar: str
    judged: bool | None = None
    begins_weak: bool = False  # from here on all matches are weak


@dataclass(frozen=True)
class Choice:
    """One value of a facet, or one setting of a switch: a link that turns it on or off."""

    key: str
    label: str
    address: str
    selected: bool
    count: int | None = None
    hint: str = ""


@dataclass(frozen=True)
class Found:
    page: Page
    results: list[ResultView]
    facets: list[tuple[str, list[Choice]]]
    pages: list[tuple[int | None, str]]
    previous: str
    next: str
    suggested: str
    hybrid: str
    seconds: str
    query: str
    answers: str
    doubtful: bool  # nothing matches well


def present(page: Page, asked: Asked, user: Caller) -> Found:
    """`page`, which `retrieval.results.find` answered to `asked`, ready for the templates."""
    if page.corrected and page.suggestion:
        asked = replace(asked, query=page.suggestion)
    last = max(1, -(-page.total // page.page_size))
    first = (page.page - 1) * page.page_size + 1

    def address(number: int) -> str:
        return asked.at_page(number, page.search_id)

    weak = _first_of_weak_end(page.results)
    said = judged(user, asked.query, [hit.document.id for hit in page.results])
    return Found(
        page=page,
        results=[
            replace(
                _result(n + first, hit, asked),
                judged=said.get(hit.document.id),
                begins_weak=n == weak,
            )
            for n, hit in enumerate(page.results)
        ],
        facets=list(_facets(page, replace(asked, search_id=page.search_id))),
        pages=[(n, address(n)) if n else (None, "") for n in _numbers(page.page, last)],
        previous=address(page.page - 1) if page.page > 1 else "",
        next=address(page.page + 1) if page.page < last else "",
        suggested=asked.anew(page.suggestion) if page.suggestion else "",
        hybrid=asked.in_mode("hybrid"),
        seconds=f"{max(0.01, page.took_ms.get('total', 0) / 1000):.2f}",
        query=asked.query,
        answers=address(page.page).replace(reverse("search"), reverse("answers"), 1),
        doubtful=weak == 0 and page.page == 1,
    )


def _first_of_weak_end(results: Sequence[Result]) -> int | None:
    """Where the run of weak matches begins that goes on to the end of the page."""
    first = len(results)
    while first and results[first - 1].strength == WEAK:
        first -= 1
    return first if first < len(results) else None


def switches(asked: Asked) -> list[tuple[str, list[Choice]]]:
    """The two settings of a search: what is compared, and whether the top is read again."""
    modes = [
        ("hybrid", _("Both"), _("Words and meaning together")),
        ("lexical", _("Words"), _("Exact words and their forms")),
        ("dense", _("Meaning"), _("Passages that say something similar")),
    ]
    rerank = [(True, pgettext("switch", "On")), (False, pgettext("switch", "Off"))]
    return [
        (
            _("Match by"),
            [
                Choice(f"mode-{key}", label, asked.in_mode(key), key == asked.mode, hint=hint)
                for key, label, hint in modes
            ],
        ),
        (
            _("Reread the top results"),
            [
                Choice(f"rerank-{on}".lower(), label, asked.reranked(on), on == asked.rerank)
                for on, label in rerank
            ],
        ),
    ]


def _numbers(current: int, last: int) -> Iterator[int | None]:
    paginator = Paginator(range(last), 1)
    for number in paginator.get_elided_page_range(min(current, last), on_each_side=2, on_ends=1):
        yield number if isinstance(number, int) else None


def _facets(page: Page, asked: Asked) -> Iterator[tuple[str, list[Choice]]]:
    titles = {"collection": _("Collection"), "type": _("Type")}
    for name, title in titles.items():
        choices = [
            Choice(
                key=f"{name}-{facet.value}",
                label=facet.label,
                address=asked.toggled(name, facet.value),
                selected=facet.selected,
                count=facet.count,
            )
            for facet in page.facets.get(name, [])
        ]
        if choices:
            yield title, choices


def _result(number: int, result: Result, asked: Asked) -> ResultView:
    words = "" if asked.like else asked.query
    views = [
        PassageView(
            chunk=hit.chunk_id,
            pieces=excerpt(hit.text, hit.highlights, width, hit.headings),
            address=_place(result, hit, words),
            page=hit.page,
            headings=[bare(heading) for heading in hit.headings],
        )
        for hit, width in zip(result.passages, WIDTHS, strict=False)
    ]
    return ResultView(
        number=number,
        document=result.document,
        address=views[0].address if views else result.document.url,
        passages=views,
        reasons=list(_reasons(result.explanation)),
        path=_shown_path(result.document.source),
        strength=result.strength,
        similar=Asked(query=f"like:{result.document.id}").address,
    )


def _place(result: Result, hit: PassageHit, query: str) -> str:
    """The passage's place in its document; the others found there travel with it."""
    others = [("also", f"{one.start}-{one.end}") for one in result.passages if one != hit]
    pairs = [("start", str(hit.start)), ("end", str(hit.end)), *others, ("q", query)]
    return f"{result.document.url}?{urlencode(pairs)}#passage"


def _reasons(explanation: dict[str, Any] | None) -> Iterator[Reason]:
    steps = {
        "lexical": (_("Words"), "score", _("score")),
        "dense": (_("Meaning"), "cosine", _("similarity")),
        "fused": (_("Together"), "score", _("score")),
        "rerank": (_("Reread"), "score", _("score")),
    }
    told = explanation or {}
    for key, (label, field, unit) in steps.items():
        step = told.get(key)
        if not step or step.get(field) is None:
            continue
        words = [str(term.get("term", "")) for term in step.get("terms", [])]
        moved = _moved(told, key)
        yield Reason(label, step.get("rank"), f"{unit} {step[field]:.3g}", words, moved)


def _moved(told: dict[str, Any], key: str) -> str:
    """In words, what a step did to the result's place."""
    if key == "rerank":
        return _from_to(told["fused"].get("rank"), told["rerank"].get("rank"))
    if key != "fused":
        return ""
    if told.get("identifiers"):
        return _("first because it holds the exact code you typed")
    ranks = [told[leg].get("rank") for leg in ("lexical", "dense") if told.get(leg)]
    return _from_to(min((r for r in ranks if r), default=None), told["fused"].get("rank"))


def _from_to(before: int | None, after: int | None) -> str:
    if not before or not after:
        return ""
    if before == after:
        return _("kept its place")
    if after < before:
        return ngettext("moved up %(n)d place", "moved up %(n)d places", before - after) % {
            "n": before - after
        }
    return ngettext("moved down %(n)d place", "moved down %(n)d places", after - before) % {
        "n": after - before
    }


def _shown_path(source: str) -> str:
    """Where it came from, unless that is a place on the server's own disk."""
    return "" if source.startswith("/") else source
