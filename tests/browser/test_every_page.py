"""What holds on every page: access for all, every width, both themes, and a small first load."""

import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE, Opened, sign_in
from tests.browser.pages import everything, with_errors
from tests.browser.walks import WALKS
from tests.live import LiveStack

# The last for landmarks and the order of headings.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = ["color-contrast", "target-size", "link-in-text-block", "scrollable-region-focusable"]
BUDGET = 60_000
# The narrowest and the widest; 640 is a window of 1280 at 200 %.
WIDTHS = (1280, 1920, 640, 390, 360)


def violations(page: Page) -> list[str]:
    """What axe finds on the page shown, against all rules up to WCAG 2.2 AA."""
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    return _said(Axe().run(page, options=options).response)


def violations_by_looks(page: Page) -> list[str]:
    """Those of the same page shown otherwise: the rules that theme and width may break."""
    options = {"runOnly": {"type": "rule", "values": LOOKS}, "resultTypes": ["violations"]}
    return _said(page.evaluate("options => axe.run(document, options)", options))


def _said(found: dict[str, Any]) -> list[str]:
    return [f"{v['id']}: {node['html'][:160]}" for v in found["violations"] for node in v["nodes"]]


def settled(page: Page) -> None:
    """Wait for what is loaded after the first paint."""
    expect(page.locator(".htmx-request")).to_have_count(0, timeout=PATIENCE)
    page.evaluate("document.fonts.ready")


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def resized(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})


def faults(page: Page) -> Iterator[str]:
    """What is wrong with the page shown: light and wide, dark and narrow, at any width."""
    page.emulate_media(color_scheme="light")
    resized(page, 1280)
    yield from (f"light, wide: {text}" for text in violations(page))
    page.emulate_media(color_scheme="dark")
    resized(page, 390)
    yield from (f"dark, narrow: {text}" for text in violations_by_looks(page))
    for width in WIDTHS:
        resized(page, width)
        if overflow(page) > 0:
            yield f"{width} px: scrolls sideways"


@pytest.mark.parametrize("signed_in", [False, True])
def test_every_page_is_open_to_all_at_every_width(
    opened: Opened, harbour: LiveStack, signed_in: bool
) -> None:
    page = opened("/", signed_in=signed_in)
    with_errors(page)
    wrong: list[str] = []
    for name, (path, private) in everything(harbour).items():
        if private == signed_in:
            page.goto(path)
            settled(page)
            wrong += [f"{name}, {fault}" for fault in faults(page)]
    assert not wrong, "\n".join(wrong)


def test_german_words_fit_too(opened: Opened, harbour: LiveStack) -> None:
    for signed_in in (False, True):
        page = opened("/", signed_in=signed_in, width=360)
        page.get_by_role("button", name="Deutsch").click()
        for name, (path, private) in everything(harbour).items():
            if private != signed_in or name.startswith("error"):
                continue
            page.goto(path)
            expect(page.locator("html")).to_have_attribute("lang", "de")
            for width in (360, 1280):
                resized(page, width)
                assert overflow(page) <= 0, f"{name} at {width}"


@pytest.mark.parametrize("signed_in", [False, True])
def test_what_only_an_act_brings_up_is_open_to_all_too(opened: Opened, signed_in: bool) -> None:
    page = opened("/", signed_in=signed_in, width=390)
    wrong: list[str] = []
    for walk in WALKS[signed_in]:
        for stop in walk(page):
            settled(page)
            wrong += [f"{stop}, {fault}" for fault in faults(page)]
            resized(page, 390)
    assert not wrong, "\n".join(wrong)


def test_questions_of_an_owner_are_open_to_all_too(opened: Opened, harbour: LiveStack) -> None:
    page = opened("/", signed_in=False)
    sign_in(page, harbour)
    page.goto("/collections/letters/")
    page.get_by_role("button", name="Remove").first.click()
    page.get_by_label("Password").fill(harbour.password)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("without an owner?")
    assert list(faults(page)) == []
    page.get_by_role("link", name="Cancel").click()
    page.get_by_label("Who may read it").select_option("public")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("to more people?")
    assert list(faults(page)) == []


def test_the_first_page_is_small_and_asks_no_other_host(opened: Opened, harbour: LiveStack) -> None:
    page = opened("/", signed_in=False)
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.reload()
    page.wait_for_load_state("networkidle")
    assert all(address.startswith(harbour.url) for address in addresses)
    code = [a for a in addresses if a.endswith((".css", ".js"))]
    weight = sum(len(gzip.compress(page.request.get(a).body())) for a in code)
    assert len(code) >= 4 and weight < BUDGET
