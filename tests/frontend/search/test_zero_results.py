"""What the search page offers where little or nothing fits."""

import re

import pytest
from django.test import Client

from documents.models import Collection
from tests.frontend.search.test_views import BREAD, TIDES, indexing, text_of
from tests.retrieval.conftest import Index

pytestmark = pytest.mark.volume


@indexing
def test_nothing_found_helps(anyone: Client, indexed: Index) -> None:
    indexed("Bread", BREAD)
    asked = {"q": "xylophone", "mode": "lexical", "type": "pdf"}
    page = text_of(anyone.get("/", asked))
    assert "Nothing found" in page and "Search without the filter Type: PDF" in page
    assert "words and meaning together" in page
    nearest = page.index("Nearest by meaning, in all documents")
    assert "Bread" in page[nearest:]
    assert "Search for the words alone" not in page and "loosely" not in page


@indexing
def test_a_phrase_that_is_nowhere_leads_to_its_words(
    anyone: Client, indexed: Index, secret: Collection
) -> None:
    indexed("Bread", BREAD)
    indexed("Hidden bread", BREAD, into=secret)
    page = anyone.get("/", {"q": '"water every sourdough" type:txt', "rerank": "false"})
    said = text_of(page)
    assert "Search for the words alone: water every sourdough" in said
    assert 'href="/?q=water+every+sourdough"' in page.content.decode()
    assert "Bread" in said[said.index("Nearest by meaning") :] and "Hidden" not in said
    assert "Nearest" not in text_of(anyone.get("/", {"q": "type:pdf", "rerank": "false"}))


@indexing
def test_weak_matches_are_told_apart_and_none_is_called_good(
    anyone: Client, indexed: Index
) -> None:
    indexed("Tides", TIDES)
    indexed("Bread", BREAD)
    page = text_of(anyone.get("/", {"q": "spring tide and moon", "rerank": "false"}))
    assert (
        page.index("1 document ") < page.index("Tides") < page.index("1 loosely related document")
    )
    assert page.index("1 loosely related document") < page.index("Bread")
    answer = anyone.get("/", {"q": "football championship", "rerank": "false"})
    page = text_of(answer)
    assert page.index("Nothing found") < page.index("2 loosely related documents")
    assert "Weak match" not in page  # which says nothing where all are
    assert "Strong match" not in page and "Good match" not in page


@indexing
def test_the_loosely_related_are_folded_under_the_last_results_and_open_without_any(
    anyone: Client, indexed: Index
) -> None:
    for number in range(12):
        indexed(f"Tides {number}", TIDES)
    indexed("Bread", BREAD)

    def fold(**asked: str | int) -> str | None:
        page = anyone.get("/", {"rerank": "false", **asked}).content.decode()
        found = re.search(r'<details class="related"([^>]*)>\s*<summary>', page)
        return found and found[1]

    assert fold(q="spring tide and moon") is None
    assert fold(q="spring tide and moon", page=2) == ""
    assert fold(q="football championship") == " open"


@indexing
def test_more_like_this_leads_to_what_resembles_it(anyone: Client, indexed: Index) -> None:
    indexed("Tides", TIDES)
    indexed("Moon", "Sun and moon pull at the sea, and the tide rises.")
    found = anyone.get("/", {"q": "spring tide", "rerank": "false"}).context["found"]
    page = anyone.get(next(r.similar for r in found.results if r.document.title == "Tides"))
    assert "Documents like Tides" in text_of(page)
    assert [r.document.title for r in page.context["found"].results] == ["Moon"]
    assert 'value="like:' not in page.content.decode().split("</form>")[0]
    assert anyone.get("/?q=like:not-an-id").status_code == 200
