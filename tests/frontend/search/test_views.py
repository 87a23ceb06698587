"""The search page: what it shows, to whom, and how it says what it could not do."""

import html
import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from documents.models import Collection, Extraction, Passage
from frontend.search.explanations import explanation_rows
from retrieval.models import Click, Judgement, SearchLog
from retrieval.ranking.types import RankedScore
from retrieval.search.page import DocumentAge, Explanation
from tests.retrieval.conftest import Index

pytestmark = pytest.mark.volume

indexing = pytest.mark.django_db(transaction=True)

TIDES = "The spring tide follows the new moon, when sun and moon pull together."
BREAD = "A sourdough starter is fed with flour and water every day."


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", answer.content.decode()).split())


@indexing
def test_a_result_says_where_it_is_and_marks_the_words(anyone: Client, indexed: Index) -> None:
    tides = indexed("Tides", TIDES, type="md")
    page = anyone.get("/", {"q": "spring tides", "rerank": "false"}).content.decode()
    assert "The <mark>spring</mark> <mark>tide</mark> follows" in page
    assert (
        f'href="/documents/{tides.pk}/?start=0&amp;end={len(TIDES)}&amp;q=spring+tides#passage"'
        in page
    )
    assert "Handbook" in page and "Markdown" in page
    assert re.search(rf'lang="en" [^>]*href="/documents/{tides.pk}/', page)
    assert "Why this result" in page and "spring, tide" in page


@indexing
def test_a_passage_that_spans_pages_says_so_and_opens_where_its_words_are(
    anyone: Client, indexed: Index
) -> None:
    indexed("Tides", f"{TIDES} The gates close in a storm surge.", type="pdf")
    Extraction.objects.update(pages=[0, len(TIDES) + 1])
    Passage.objects.update(page=1)

    def asked(query: str, **headers: str) -> tuple[str, str]:
        page = anyone.get("/", {"q": query, "rerank": "false"}, headers=headers)
        return text_of(page), page.context["found"].results[0].address

    said, address = asked("storm surge")
    assert "PDF pages 1\u20132" in said and address.endswith("&page=2#passage")
    said, address = asked("spring tide")
    assert "PDF pages 1\u20132" in said and "page=" not in address
    said, _ = asked("spring tide", accept_language="de")
    assert "PDF Seiten 1\u20132" in said
    assert re.search(r"Seiten 1\u20132 \d+\. \w+\.? \d{4}", said)
    Passage.objects.update(end=len(TIDES))
    assert "PDF page 1 " in asked("spring tide")[0]


@indexing
def test_htmx_gets_the_smaller_template_and_the_back_button_the_page(
    anyone: Client, indexed: Index
) -> None:
    indexed("Tides", TIDES)
    small = anyone.get("/", {"q": "tide"}, headers={"HX-Request": "true"})
    assert b"<html" not in small.content and b"<title>tide" in small.content
    assert "HX-Request" in small["Vary"]
    restored = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert b"<html" in anyone.get("/", {"q": "tide"}, headers=restored).content


@indexing
def test_filters_pages_and_total_agree(anyone: Client, indexed: Index) -> None:
    for number in range(12):
        indexed(f"Tide {number}", f"{TIDES} Case {number}.", type="md" if number < 3 else "pdf")
    first = anyone.get("/", {"q": "tide", "mode": "lexical", "rerank": "false"})
    assert "12 documents" in text_of(first)
    found = first.context["found"]
    assert len(found.results) == 10 and found.next
    second = anyone.get(found.next)
    assert [r.number for r in second.context["found"].results] == [11, 12]
    choice = next(group for group in found.facets if group.title == "Type").shown
    counts = {one.label: (one.count, one.address) for one in choice}
    assert counts["Markdown"][0] == 3
    assert "3 documents" in text_of(anyone.get(counts["Markdown"][1]))


@indexing
def test_filters_show_what_divides_the_results_and_come_off_one_by_one(
    anyone: Client, indexed: Index
) -> None:
    Collection.objects.update(facet_fields=["cost_center", "kind"])
    for n in range(12):
        metadata = {"cost_center": f"Unit {n}", "kind": "note", "year": 2000 + n // 6}
        indexed(f"Tide {n}", TIDES, language="de" if n else "en", metadata=metadata)
    address = "/?q=tide&mode=lexical&rerank=false"
    found = anyone.get(address).context["found"]
    groups = {group.title: group for group in found.facets}
    # All are notes: nothing to choose. Twelve units are too many to show at once.
    assert list(groups) == ["Collection", "Type", "Language", "Year", "Cost center"]
    assert [choice.label for choice in groups["Language"].shown] == ["German", "English"]
    assert [choice.label for choice in groups["Year"].shown] == ["2001", "2000"]
    assert {one.document.year for one in found.results} == {2000, 2001}
    assert re.search(r"Plain text 200[01] ", text_of(anyone.get(address)))
    units = groups["Cost center"]
    assert (len(units.shown), len(units.more)) == (8, 4)
    last = anyone.get(units.more[-1].address)
    assert last.context["found"].facets[-1].shown[0].label == units.more[-1].label
    both = last.context["params"].url_with_facet("year", "2000")
    page = anyone.get(both)
    shown = text_of(page)
    assert "Remove the filter Year: 2000" in shown
    assert f"Remove the filter Cost center: {units.more[-1].label}" in shown
    chips = [choice for group in page.context["found"].facets for choice in group.chosen]
    assert len(chips) == 2
    for chip in chips:
        left = anyone.get(chip.address).context["params"]
        assert len(left.filters) == 1
    german = {"accept-language": "de"}
    assert "Filter entfernen Jahr: 2000" in text_of(anyone.get(both, headers=german))
    assert "4 weitere" in text_of(anyone.get(address, headers=german))


@indexing
def test_nothing_leaks_to_who_may_not_see_it(
    anyone: Client, as_ada: Client, indexed: Index, secret: Collection, shared: Collection
) -> None:
    indexed("Bread", BREAD)
    indexed("Hidden harbour", "The smugglers meet in the harbour at the spring tide.", into=secret)
    indexed("Inner wharf", "The council meets in the harbour at noon.", into=shared)
    for address in (
        "/",
        "/?q=harbour",
        "/?q=smuglers",
        "/?q=tide&collection=secret",
        "/documents/",
    ):
        page = anyone.get(address).content.decode()
        assert not re.search("Hidden|Secret|smugglers|Inner|council|Shared", page), address
        page = as_ada.get(address).content.decode()
        assert not re.search("Hidden|Secret|smugglers", page), address
    assert "Inner wharf" in as_ada.get("/?q=harbour").content.decode()


@indexing
def test_a_wrong_spelling_is_said_with_the_results_of_the_right_one(
    anyone: Client, indexed: Index
) -> None:
    indexed("Bread", BREAD)
    page = anyone.get("/", {"q": "sourdugh", "mode": "lexical", "rerank": "false"})
    assert "These are the results for sourdough. Search for “sourdugh” as typed" in text_of(page)


@indexing
def test_a_result_is_judged_and_the_judgement_taken_back(
    anyone: Client, as_ada: Client, indexed: Index, secret: Collection
) -> None:
    tides = indexed("Tides", TIDES)
    hidden = indexed("Hidden", TIDES, into=secret)
    assert "Not relevant" not in text_of(anyone.get("/?q=tide"))
    said = {"query": "tide", "document": str(tides.pk), "relevant": "yes", "back": "/?q=tide"}
    assert as_ada.post("/search/judge", said)["Location"] == "/?q=tide"
    assert 'name="relevant" value="" aria-pressed="true">Relevant' in (
        as_ada.get("/?q=Tide").content.decode()
    )
    small = as_ada.post("/search/judge", {**said, "relevant": ""}, headers={"HX-Request": "true"})
    assert b"<html" not in small.content and b'aria-pressed="true"' not in small.content
    assert not Judgement.objects.exists()
    for elsewhere in ("//elsewhere.example", "search/judge", ""):
        assert as_ada.post("/search/judge", {**said, "back": elsewhere})["Location"] == "/"
    assert as_ada.post("/search/judge", {**said, "document": str(hidden.pk)}).status_code == 404
    assert anyone.post("/search/judge", said).status_code == 403
    assert as_ada.post("/search/judge", {**said, "query": " "}).status_code == 400


@indexing
def test_searches_and_openings_are_noted_without_a_name(
    as_ada: Client, indexed: Index, secret: Collection
) -> None:
    tides = indexed("Tides", TIDES)
    hidden = indexed("Hidden", TIDES, into=secret)
    shown = as_ada.get("/?q=tide")
    as_ada.get("/?q=tides", headers={"Lantern-Paused": "true"})
    assert [log.query for log in SearchLog.objects.all()] == ["tide"]
    search_id = shown.context["found"].page.search_id
    assert f'data-search="{search_id}"' in shown.content.decode()
    for document, sent in ((tides, search_id), (tides, ""), (hidden, search_id), (tides, "\0")):
        forged = {"query": "forged", "position": "7", "document": str(document.pk)}
        assert as_ada.post("/search/opened", {**forged, "search_id": sent}).status_code == 204
    assert as_ada.post("/search/opened", {"search_id": search_id}).status_code == 204
    rows = [(o.query, o.document_id, o.position) for o in Click.objects.all()]
    assert rows == [("tide", tides.pk, 1)]


@pytest.mark.model
@indexing
def test_the_sentence_that_answers_best_is_emphasised(anyone: Client, indexed: Index) -> None:
    best = "It gets flour and water at breakfast."
    indexed("Bread", f"A starter is a living thing. {best} Some people give theirs a name.")
    page = anyone.get("/", {"q": "when do I feed my starter", "rerank": "false"})
    found = page.context["found"]
    assert "<em" not in page.content.decode() and found.answers in html.unescape(
        page.content.decode()
    )
    small = anyone.get(found.answers).content.decode()
    shown = re.search(r'<p id="(x-\d+)" hx-swap-oob="true">(.*)</p>', small)
    assert shown and f'id="{shown[1]}"' in page.content.decode()
    assert 'class="answer"' in shown[2]
    whole = "".join(piece.text for piece in found.results[0].passages[0].pieces)
    assert html.unescape(re.sub(r"<[^>]+>", "", shown[2])) == whole


def test_the_start_page_counts_what_can_be_found(
    anyone: Client, collection: Collection, written: Any
) -> None:
    assert "Nothing to search yet" in text_of(anyone.get("/"))
    written("Tides", collection, TIDES)
    written("Waiting", collection, state="queued")
    page = text_of(anyone.get("/"))
    assert "1 document, searched" in page
    assert "Tides" in page and "Waiting" not in page


def test_markup_in_a_query_is_only_text(anyone: Client) -> None:
    page = anyone.get("/", {"q": '"><script>alert(1)</script>', "rerank": "false"}).content
    assert b"<script>alert" not in page


def test_the_reasons_say_what_each_step_did_to_the_place() -> None:
    told = Explanation(
        retrievers={"lexical": RankedScore(2.0, 4), "dense": RankedScore(0.3, 9)},
        fused=RankedScore(0.7, 3),
        rerank=RankedScore(0.1, 5),
    )

    def moved(**changes: Any) -> list[str]:
        return [reason.moved for reason in explanation_rows(replace(told, **changes))]

    assert moved() == ["", "", "moved up 1 place", "moved down 2 places"]
    assert moved(exact_matches=1)[2] == "first because it holds the exact code you typed"
    assert moved(rerank=None) == ["", "", "moved up 1 place"]
    rows = list(explanation_rows(replace(told, age=DocumentAge(1400, 0.512))))
    assert [(row.label, row.rank, row.value) for row in rows[2:3]] == [
        ("Age", None, "1,400 days: 51 % of the score")
    ]
    assert list(explanation_rows(None)) == []
