"""A real browser against the product as its users run it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.browser.harbour import fill
from tests.live import LiveStack

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 30_000
# What a browser and htmx say of an answer that a test asks for on purpose.
EXPECTED = (
    "the server responded with a status of 400",
    "the server responded with a status of 404",
    "Response Status Error Code 404",
)

Opened = Callable[..., Page]


def chromium() -> str:
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert found, "The browser tests need Chromium: install your system's package chromium."
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)


@pytest.fixture(scope="session")
def harbour(live_stack: LiveStack, tmp_path_factory: pytest.TempPathFactory) -> LiveStack:
    """The live stack with a public collection of documents that can be found."""
    fill(live_stack, tmp_path_factory.mktemp("harbour"))
    return live_stack


@pytest.fixture(scope="session")
def session(harbour: LiveStack, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cookies of the administrator, signed in through the page."""
    context = browser.new_context(base_url=harbour.url)
    sign_in(context.new_page(), harbour)
    path = tmp_path_factory.mktemp("session") / "cookies.json"
    context.storage_state(path=path)
    context.close()
    return path


@pytest.fixture
def opened(harbour: LiveStack, browser: Browser, session: Path) -> Iterator[Opened]:
    """`opened("/path", signed_in=True, width=1280, dark=False, scripts=True)` is a page; whatever
    a page says on its console in anger (a violated policy, an exception) fails the test."""
    contexts: list[BrowserContext] = []
    anger: list[str] = []

    def open_page(
        path: str,
        *,
        signed_in: bool = True,
        width: int = 1280,
        dark: bool = False,
        scripts: bool = True,
    ) -> Page:
        context = browser.new_context(
            base_url=harbour.url,
            storage_state=session if signed_in else None,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("console", lambda message: anger.extend(said_in_anger(message)))
        page.on("pageerror", lambda error: anger.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not anger


def said_in_anger(message: ConsoleMessage) -> list[str]:
    is_expected = any(text in message.text for text in EXPECTED)
    is_angry = message.type in ("error", "warning") and not is_expected
    return [message.text] if is_angry else []


def sign_in(page: Page, stack: LiveStack) -> None:
    page.goto("/account/login/")
    page.get_by_label("User name").fill(stack.username)
    page.get_by_label("Password").fill(stack.password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
