"""Pictures of the product, taken in the browser that the tests use.

`python -m tests.browser.screenshots` renews those of docs/images; with the name of a folder, it
puts every page there, in both themes and at two widths. It starts the product in a folder of its
own, fills it with the documents of the browser tests, and stops it again.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests import conftest
from tests.browser.conftest import ARGUMENTS, chromium, sign_in
from tests.browser.harbour import fill
from tests.browser.pages import everything, with_errors
from tests.browser.walks import WALKS
from tests.live import LiveStack, running_stack

TARGET = Path(__file__).resolve().parent.parent.parent / "docs" / "images"
WANTED = {"search": ("results", False), "search-dark": ("results", True),
          "document": ("document", False), "library": ("library", False)}  # fmt: skip
HEIGHT = 800


def main() -> None:
    with running() as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        if len(sys.argv) > 1:
            take_all(browser, stack, Path(sys.argv[1]))
        else:
            take_wanted(browser, stack)


@contextmanager
def running() -> Iterator[LiveStack]:
    from search_project.servers.lifecycle import servers_running

    with (
        servers_running(),
        running_stack(conftest.VAR_DIR / "live") as stack,
        tempfile.TemporaryDirectory() as folder,
    ):
        (Path(folder) / "papers").mkdir()
        fill(stack, Path(folder) / "papers")
        yield stack


def take_wanted(browser: Browser, stack: LiveStack) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    pages = everything(stack)
    for name, (page_name, dark) in WANTED.items():
        path, signed_in = pages[page_name]
        page = opened(browser, stack, signed_in=signed_in, dark=dark, width=1280)
        show(page, path)  # once more below, since the first search of all takes longest
        show(page, path)
        page.screenshot(path=TARGET / f"{name}.png")
        shrink(TARGET / f"{name}.png")
        page.close()


def take_all(browser: Browser, stack: LiveStack, folder: Path) -> None:
    """Whole pages, however long, named for what they show."""
    folder.mkdir(parents=True, exist_ok=True)
    for signed_in, dark, width in product((False, True), (False, True), (1280, 390)):
        page = opened(browser, stack, signed_in=signed_in, dark=dark, width=width)
        for name in stops(page, stack, signed_in=signed_in):
            page.wait_for_load_state("networkidle")
            picture = f"{name}-{width}-{'dark' if dark else 'light'}.png"
            page.screenshot(path=folder / picture, full_page=True)
        page.close()


def stops(page: Page, stack: LiveStack, *, signed_in: bool) -> Iterator[str]:
    """Shows each page in turn, then what only an act brings up; yields the name of each."""
    with_errors(page)
    for name, (path, private) in everything(stack).items():
        if private == signed_in:
            page.goto(path)
            yield name
    for walk in WALKS[signed_in]:
        yield from walk(page)


def opened(browser: Browser, stack: LiveStack, *, signed_in: bool, dark: bool, width: int) -> Page:
    page = browser.new_page(
        base_url=stack.url,
        viewport={"width": width, "height": HEIGHT},
        color_scheme="dark" if dark else "light",
    )
    if signed_in:
        sign_in(page, stack)
    return page


def show(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")


def shrink(path: Path) -> None:
    """256 colours are enough for a page without photographs, at a third of the size."""
    from PIL import Image

    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


if __name__ == "__main__":
    main()
