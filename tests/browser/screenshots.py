"""`python -m tests.browser.screenshots` renews the pictures of docs/images.

It starts the product in a folder of its own, fills it with the documents of the browser tests, and
stops it again.
"""

import tempfile
from pathlib import Path

from tests import conftest
from tests.browser.conftest import ARGUMENTS, chromium, sign_in
from tests.browser.harbour import fill
from tests.browser.pages import everything
from tests.live import LiveStack, running_stack

TARGET = Path(__file__).resolve().parent.parent.parent / "docs" / "images"
WANTED = {"search": ("results", False), "search-dark": ("results", True),
          "document": ("document", False), "library": ("library", False)}  # fmt: skip


def main() -> None:
    from search_project.servers.running import servers_running

    with (
        servers_running(),
        running_stack(conftest.VAR_DIR / "live") as stack,
        tempfile.TemporaryDirectory() as folder,
    ):
        fill(stack, Path(folder))
        take(stack)


def take(stack: LiveStack) -> None:
    from playwright.sync_api import sync_playwright

    TARGET.mkdir(parents=True, exist_ok=True)
    pages = everything(stack)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for name, (page_name, dark) in WANTED.items():
            page = browser.new_page(
                base_url=stack.url,
                viewport={"width": 1280, "height": 800},
                color_scheme="dark" if dark else "light",
            )
            path, signed_in = pages[page_name]
            if signed_in:
                sign_in(page, stack)
            page.goto(path)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=TARGET / f"{name}.png")
            shrink(TARGET / f"{name}.png")


def shrink(path: Path) -> None:
    """256 colours are enough for a page without photographs, at a third of the size."""
    from PIL import Image

    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


if __name__ == "__main__":
    main()
