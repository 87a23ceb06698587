"""The account page, its tokens and sessions, and the pages for what went wrong."""

from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.test import Client

from documents.auth import api_tokens
from documents.models import ApiToken, AuditEvent


def test_a_token_is_shown_once_and_works_until_it_is_revoked(as_ada: Client, ada: User) -> None:
    page = as_ada.post("/account/", {"name": "Nightly import"})
    secret = page.context["secret"]
    assert secret in page.content.decode() and "no-store" in page["Cache-Control"]
    assert secret not in as_ada.get("/account/").content.decode()
    found = api_tokens.find_token(secret)
    assert found is not None and found.user == ada
    as_ada.post(f"/account/tokens/{found.pk}/revoke")
    assert api_tokens.find_token(secret) is None


def browser_of(user: User, agent: str, address: str = "192.0.2.7") -> Client:
    """A browser in which the user is signed in."""
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    client.force_login(user)
    client.get("/account/")
    return client


def test_sessions_are_listed_and_ended_one_by_one_or_all_others_at_once(ada: User) -> None:
    here = browser_of(ada, "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
    phone = browser_of(ada, "Mozilla/5.0 (Linux; Android 15) Chrome/141.0 Safari/537", "192.0.2.9")
    desk, couch = browser_of(ada, "Desk"), browser_of(ada, "Couch")
    page = here.get("/account/sessions/")
    text = page.content.decode()
    assert "Firefox, Linux" in text and "Chrome, Android" in text and "192.0.2.9" in text
    [first, *others] = page.context["sessions"]
    assert first.session_key == here.session.session_key and len(others) == 3
    theirs = next(session for session in others if session.ip == "192.0.2.9")
    here.post(f"/account/sessions/{theirs.pk}/end")
    assert phone.get("/account/").status_code == 302
    assert desk.get("/account/").status_code == 200
    here.post("/account/sessions/end")
    assert {one.get("/account/").status_code for one in (desk, couch)} == {302}
    assert here.get("/account/").status_code == 200
    ended = AuditEvent.objects.filter(action="session_ended", actor=ada).order_by("id")
    assert [event.details["reason"] for event in ended] == ["chosen", "all others"]


def test_ending_the_session_in_use_is_signing_out(ada: User) -> None:
    here = browser_of(ada, "Desk")
    [session] = UserSession.objects.filter(user=ada)
    here.post(f"/account/sessions/{session.pk}/end")
    assert here.get("/account/").status_code == 302


def test_the_session_of_another_cannot_be_ended(as_ada: Client) -> None:
    bob = browser_of(User.objects.create_user("bob"), "Bob's")
    session = UserSession.objects.get(user__username="bob")
    assert as_ada.post(f"/account/sessions/{session.pk}/end").status_code == 404
    assert bob.get("/account/").status_code == 200


def test_the_token_of_another_cannot_be_revoked(as_ada: Client) -> None:
    other = User.objects.create_user("bob")
    api_tokens.create_token(other, "his")
    token = ApiToken.objects.get()
    assert as_ada.post(f"/account/tokens/{token.pk}/revoke").status_code == 404
    assert ApiToken.objects.exists()


def test_admin_is_offered_to_staff_only(as_ada: Client, ada: User) -> None:
    assert b"/admin/" not in as_ada.get("/").content
    User.objects.filter(pk=ada.pk).update(is_staff=True)
    assert b"/admin/" in as_ada.get("/").content


def test_a_page_that_is_not_there_says_so(anyone: Client) -> None:
    page = anyone.get("/nowhere/")
    assert page.status_code == 404 and b"There is nothing here" in page.content


def test_a_form_without_its_token_is_explained(ada: User) -> None:
    page = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "ada"})
    assert page.status_code == 403 and b"The form has expired" in page.content


def test_a_fault_of_ours_is_a_page(anyone: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("frontend.search.views.home_page", broken)
    page = Client(raise_request_exception=False).get("/")
    assert page.status_code == 500 and b"The fault is ours" in page.content
    assert b"secret detail" not in page.content


def test_no_page_has_inline_script_or_style(as_ada: Client) -> None:
    for address in (
        "/",
        "/?q=x&mode=lexical&rerank=false",
        "/documents/",
        "/upload/",
        "/account/",
        "/account/password/",
        "/account/sessions/",
        "/account/second-factor/",
        "/account/confirm/",
    ):
        answer = as_ada.get(address)
        page = answer.content.decode()
        assert "style=" not in page and "<style" not in page and "onclick" not in page
        policy = answer["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy
