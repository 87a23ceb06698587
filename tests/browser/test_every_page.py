"""What holds on every page: access for all, every width, both themes, and a small first load."""

import gzip
import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Opened
from tests.browser.pages import everything
from tests.live import LiveStack

TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
BUDGET = 60_000


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response
    return [f"{v['id']}: {node['html'][:160]}" for v in found["violations"] for node in v["nodes"]]


def settled(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    opened: Opened, harbour: LiveStack, tmp_path: Path
) -> None:
    pictures = Path(os.environ.get("SCREENSHOTS", tmp_path))
    rounds = [(False, 1280), (True, 390)]
    if "SCREENSHOTS" in os.environ:  # for the eye, also what adds nothing to the checks
        rounds += [(True, 1280), (False, 390)]
    wrong: list[str] = []
    for dark, width in rounds:
        for name, (path, signed_in) in everything(harbour).items():
            page = opened(path, signed_in=signed_in, width=width, dark=dark)
            settled(page)
            here = f"{name}-{width}-{'dark' if dark else 'light'}"
            wrong += [f"{here} scrolls sideways"] if overflow(page) > 0 else []
            wrong += [f"{here} {text}" for text in violations(page)]
            page.screenshot(path=pictures / f"{here}.png")
            page.context.close()
    assert not wrong, "\n".join(wrong)


def test_nothing_scrolls_sideways_at_the_edges(opened: Opened, harbour: LiveStack) -> None:
    for name, (path, signed_in) in everything(harbour).items():
        page = opened(path, signed_in=signed_in, width=360)
        settled(page)
        assert overflow(page) <= 0, name
        page.set_viewport_size({"width": 1920, "height": 1080})
        assert overflow(page) <= 0, name
        page.context.close()


def test_the_dialogs_and_sheets_are_open_to_all_too(opened: Opened) -> None:
    page = opened("/?q=harbour", signed_in=False, width=390)
    page.get_by_role("button", name="Filters").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator("body").press("?")
    assert violations(page) == []


def test_the_first_page_is_small_and_asks_no_other_host(opened: Opened, harbour: LiveStack) -> None:
    page = opened("/", signed_in=False)
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.reload()
    settled(page)
    assert all(address.startswith(harbour.url) for address in addresses)
    code = [a for a in addresses if a.endswith((".css", ".js"))]
    weight = sum(len(gzip.compress(page.request.get(a).body())) for a in code)
    assert len(code) >= 4 and weight < BUDGET
