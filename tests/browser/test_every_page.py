"""What holds on every page: access for all, every width, both themes, and a small first load."""

import gzip
import os
from pathlib import Path

import pytest
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
    wrong: list[str] = []
    for dark in (False, True):
        for width in (1280, 390):
            for name, (path, signed_in) in everything(harbour).items():
                page = opened(path, signed_in=signed_in, width=width, dark=dark)
                settled(page)
                here = f"{name} {width} {'dark' if dark else 'light'}"
                if overflow(page) > 0:
                    wrong.append(f"{here} scrolls sideways")
                if dark == (width == 390):  # both widths and both themes, in two rounds
                    wrong += [f"{here} {text}" for text in violations(page)]
                page.screenshot(path=pictures / f"{here.replace(' ', '-')}.png")
                page.context.close()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("width", [360, 1920])
def test_nothing_scrolls_sideways_at_the_edges(
    opened: Opened, harbour: LiveStack, width: int
) -> None:
    for name, (path, signed_in) in everything(harbour).items():
        page = opened(path, signed_in=signed_in, width=width)
        settled(page)
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
