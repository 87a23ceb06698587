"""Signing in with a second factor, and ending sessions, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened
from tests.browser.test_every_page import faults
from tests.browser.walks import code_of
from tests.live import LiveStack

PASSWORD = "a lamp on the quay"


@pytest.fixture
def keeper(harbour: LiveStack) -> str:
    """A user of this test alone."""
    create = f"User.objects.create_user('keeper', password='{PASSWORD}')"
    made = f"from django.contrib.auth.models import User; {create}"
    harbour.manage("shell", "-c", made)
    return "keeper"


def give_password(page: Page, name: str, password: str) -> None:
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def test_signing_in_with_a_second_factor_and_ending_a_session(opened: Opened, keeper: str) -> None:
    desk = opened("/account/login/?next=/account/", signed_in=False)
    give_password(desk, keeper, "a guess")
    expect(desk.get_by_role("alert")).to_have_text("The user name or the password is not right.")
    assert list(faults(desk)) == []
    give_password(desk, keeper, PASSWORD)
    expect(desk.get_by_role("heading", level=1)).to_have_text("Account")

    desk.get_by_role("link", name="Set up Second factor").click()
    desk.get_by_role("link", name="Set up an authenticator app").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    desk.get_by_label("Password").fill(PASSWORD)
    desk.get_by_role("button", name="Confirm").click()
    secret = desk.locator("#totp-key").inner_text()
    desk.get_by_label("Authenticator code").fill("0")
    desk.get_by_role("button", name="Use this app").click()
    expect(desk.get_by_text("The code is not right.")).to_be_visible()
    assert desk.locator("#totp-key").inner_text() == secret
    assert list(faults(desk)) == []
    desk.get_by_label("Authenticator code").fill(code_of(secret))
    desk.get_by_role("button", name="Use this app").click()
    expect(desk.locator(".codes li")).to_have_count(10)
    assert list(faults(desk)) == []
    desk.get_by_role("link", name="I have kept them").click()
    expect(desk.get_by_text("In use since")).to_be_visible()
    assert list(faults(desk)) == []
    for name in ("Create new codes", "Remove the app"):
        desk.get_by_role("link", name=name).click()
        assert list(faults(desk)) == []
        desk.get_by_role("link", name="Cancel").click()

    phone = opened("/account/login/", signed_in=False, width=390)
    give_password(phone, keeper, PASSWORD)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Second factor")
    assert list(faults(phone)) == []
    phone.get_by_label("Code").fill(code_of(secret))
    phone.get_by_role("main").get_by_role("button", name="Sign in").click()
    phone.wait_for_url("**/")

    desk.goto("/account/sessions/")
    expect(desk.locator(".tokens li")).to_have_count(2)
    assert list(faults(desk)) == []
    desk.get_by_role("button", name="End all other sessions").click()
    expect(desk.locator(".tokens li")).to_have_count(1)
    phone.goto("/account/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Sign in")
    desk.goto("/account/")
    desk.get_by_role("button", name="Sign out").click()
    desk.wait_for_url("**/")
