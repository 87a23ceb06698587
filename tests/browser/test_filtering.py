"""Facets of metadata, languages and years: chosen with and without scripts, and on a phone."""

import json
import re
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.browser.test_every_page import violations
from tests.live import LiveStack

AUTHORS = 10


@pytest.fixture(scope="module")
def filed(harbour: LiveStack) -> Iterator[None]:
    """Twenty letters in three languages, of two years and ten authors; gone afterwards."""
    token = harbour.manage("token", harbour.username).stdout.strip()

    def call(method: str, path: str, data: dict[str, Any]) -> None:
        request = urllib.request.Request(
            f"{harbour.url}/api/v1{path}",
            data=json.dumps(data).encode(),
            method=method,
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        urllib.request.urlopen(request, timeout=60).close()

    call("POST", "/collections", {"name": "Filed", "slug": "filed", "visibility": "restricted",
                                  "facet_fields": ["author"]})  # fmt: skip
    for n in range(2 * AUTHORS):
        call("POST", "/documents", {
            "collection": "filed", "title": f"Letter {n}", "language": ["de", "en", "fr"][n % 3],
            "text": f"Zeppelins moor at mast number {n}.",
            "metadata": {"author": f"Author {n % AUTHORS}", "date": f"19{10 + n // AUTHORS}-01-01"},
        })  # fmt: skip
    harbour.wait_until_indexed(120, "filed")
    yield
    call("DELETE", "/collections/filed?confirm=Filed", {})


@pytest.mark.parametrize("scripts", [True, False])
def test_facets_are_chosen_and_taken_off_one_by_one(
    opened: Opened, filed: None, scripts: bool
) -> None:
    address = "/?q=zeppelins&mode=lexical&rerank=false"
    page = opened(address, scripts=scripts)
    deadline = time.monotonic() + 10  # the index follows within a moment
    while page.locator("#total").inner_text() != "20 documents" and time.monotonic() < deadline:
        page.goto(address)
    expect(page.locator("#total")).to_have_text("20 documents")
    page.get_by_role("link", name=re.compile("^1911 10")).click()
    expect(page.locator("#total")).to_have_text("10 documents")
    page.get_by_text("2 more").click()
    page.get_by_role("link", name=re.compile("^Author 9 1")).click()
    expect(page.locator("#total")).to_have_text("1 document")
    expect(page).to_have_url(re.compile("year=1911.*metadata=author%3AAuthor\\+9"))
    page.get_by_role("link", name="Remove the filter Year: 1911").click()
    expect(page.locator("#total")).to_have_text("2 documents")
    assert "year=" not in page.url
    page.go_back()
    expect(page.locator("#total")).to_have_text("1 document")


def test_on_a_phone_the_filters_come_up_and_every_value_can_be_reached(
    opened: Opened, filed: None
) -> None:
    page = opened("/?q=zeppelins&mode=lexical&rerank=false&language=fr", width=360, scripts=False)
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_role("heading", name="Language")).to_be_visible()
    last = page.get_by_role("link", name=re.compile("^Author 8 "))
    last.scroll_into_view_if_needed()
    last.click()
    expect(page.locator(".active")).to_contain_text("French")
    expect(page.locator(".active")).to_contain_text("Author 8")


def test_filters_are_open_to_all(opened: Opened, filed: None) -> None:
    page = opened("/?q=zeppelins&mode=lexical&rerank=false&metadata=author:Author+9", dark=True)
    page.locator(".more summary").first.click()
    assert violations(page) == []
