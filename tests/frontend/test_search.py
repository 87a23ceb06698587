"""The search page: what it shows, to whom, and how it says what it could not do."""

import re
from typing import Any

import pytest
from django.test import Client

from documents.models import Collection
from tests.retrieval.conftest import Index

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
    assert "Why this result" in page and "spring, tide" in page


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
    choice = dict(found.facets)["Type"]
    counts = {one.label: (one.count, one.address) for one in choice}
    assert counts["Markdown"][0] == 3
    assert "3 documents" in text_of(anyone.get(counts["Markdown"][1]))


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
    assert "Nothing matches “sourdugh”. These are the results for sourdough." in text_of(page)


@indexing
def test_nothing_found_helps(anyone: Client, indexed: Index) -> None:
    indexed("Bread", BREAD)
    page = text_of(anyone.get("/", {"q": "xylophone", "mode": "lexical", "type": "pdf"}))
    assert "Nothing found" in page and "Search without the filters" in page
    assert "words and meaning together" in page


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
