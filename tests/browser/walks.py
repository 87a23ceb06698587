"""What only an act brings to the screen. A walk acts on a page and yields, at each stop, the name
of the picture. It may be taken again: what it makes, it finds or takes away."""

import re
import time
from collections.abc import Callable, Iterator

from allauth.mfa.totp.internal.auth import hotp_value
from playwright.sync_api import FilePayload, Page, expect

from tests.live import PASSWORD

Walk = Callable[[Page], Iterator[str]]

ANCHORS = "An anchor holds seven times its weight in mud."
LETTERS = "/documents/?collection=letters"


def searching(page: Page) -> Iterator[str]:
    page.goto("/?q=harbour")
    filters = page.get_by_role("button", name="Filters")
    if filters.is_visible():
        filters.click()
        yield "filters"
        page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator("body").press("?")
    yield "keys"
    page.goto("/")  # where no results are dimmed while others are fetched
    page.get_by_role("main").get_by_role("combobox").fill("ligh")
    expect(page.get_by_role("option").first).to_be_visible()
    yield "suggestions"


def signing_in(page: Page) -> Iterator[str]:
    page.goto("/account/login/")
    page.get_by_label("User name").fill("stranger")
    page.get_by_label("Password").fill("a guess")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "sign-in-wrong"


def uploading(page: Page) -> Iterator[str]:
    page.goto("/upload/?collection=letters")
    files: list[FilePayload] = [
        {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
        for name, text in {"Anchors.txt": ANCHORS, "blank.txt": " "}.items()
    ]
    page.locator("input[name=files]").set_input_files(files)
    summary = page.locator("[data-summary]")
    expect(summary).to_have_text("1 of 2 indexed, 1 failed", timeout=60_000)
    yield "upload-results"


def moving_and_deleting(page: Page) -> Iterator[str]:
    """Of what `uploading` left: asked to move and to delete it, then deleted and restored."""
    page.goto(LETTERS)
    page.get_by_label("All on this page").check()
    yield "library-ticked"
    page.get_by_label("Move to").select_option("harbour")
    page.get_by_role("button", name="Move").click()
    yield "move"
    page.get_by_role("link", name="Cancel").click()
    page.get_by_label("All on this page").check()
    page.get_by_role("button", name="Delete").click()
    yield "delete-several"
    page.get_by_role("button", name="Delete").click()
    yield "deleted"
    page.get_by_role("button", name="Undo").click()
    yield "restored"
    page.goto("/documents/trash")
    page.get_by_label("All on this page").check()
    page.get_by_role("button", name="Delete for good").click()
    yield "purge"


def curating(page: Page) -> Iterator[str]:
    """Pins what `uploading` left, and takes the pin away."""
    page.goto("/collections/letters/curation")
    page.get_by_label("Query", exact=True).fill("holding ground")
    page.get_by_label("Document", exact=True).fill("Anchors.txt")
    page.get_by_role("button", name="Pin", exact=True).click()
    expect(page.get_by_role("link", name="holding ground")).to_be_visible()
    page.get_by_label("One rule per line").fill("anchor, hook\nalone")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Line 2")
    yield "curation-wrong"
    page.goto("/?q=holding+ground")
    pin = page.get_by_role("button", name=re.compile("^Pin to this query.*Anchors"))
    expect(pin).to_have_attribute("aria-pressed", "true")
    yield "pinned"
    pin.click()
    yield "unpinned"


def changing_members(page: Page) -> Iterator[str]:
    page.goto("/collections/letters/")
    page.get_by_label("Name of a user or group").fill("nobody at all")
    page.get_by_role("button", name="Add").click()
    yield "member-wrong"
    page.goto("/collections/letters/delete")
    page.get_by_label("Type the name").fill("Another name")
    page.get_by_role("button", name="Delete").click()
    yield "collection-delete-wrong"


def making_a_token(page: Page) -> Iterator[str]:
    page.goto("/account/")
    page.get_by_label("What is it for?").fill("Nightly import")
    page.get_by_text("Only for some collections").click()
    yield "token-form"
    page.get_by_role("button", name="Create a token").click()
    confirm(page)
    yield "token"
    page.get_by_role("button", name=re.compile("^Revoke Nightly")).first.click()
    yield "token-revoked"


def changing_the_password(page: Page) -> Iterator[str]:
    page.goto("/account/password/")
    for label in ("Current password", "New password", "New password, again"):
        page.get_by_label(label, exact=True).fill("password")
    page.get_by_role("button", name="Change password").click()
    yield "password-wrong"


def using_a_second_factor(page: Page) -> Iterator[str]:
    page.goto("/account/second-factor/app/")
    confirm(page)
    secret = page.locator("#totp-key").inner_text()
    yield "authenticator"
    page.get_by_label("Authenticator code").fill("0")
    page.get_by_role("button", name="Use this app").click()
    yield "authenticator-wrong"
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Use this app").click()
    expect(page.locator(".codes li")).to_have_count(10)
    yield "recovery-codes"
    page.goto("/account/second-factor/")
    yield "second-factor-in-use"
    page.get_by_role("link", name="Create new codes").click()
    yield "recovery-codes-renewed"
    page.goto("/account/second-factor/app/remove/")
    yield "authenticator-removed"
    page.get_by_role("button", name="Remove the app").click()


def confirm(page: Page) -> None:
    """Give the password once more where the last time is too long ago."""
    if page.get_by_role("heading", name="Confirm that it is you").is_visible():
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()


def code_of(secret: str) -> str:
    """What an authenticator app with this key shows now."""
    return f"{hotp_value(secret, int(time.time()) // 30):06}"


# By whether to sign in, in this order: one goes on with what another left.
WALKS: dict[bool, tuple[Walk, ...]] = {
    False: (searching, signing_in),
    True: (
        uploading,
        moving_and_deleting,
        curating,
        changing_members,
        making_a_token,
        changing_the_password,
        using_a_second_factor,
    ),
}
