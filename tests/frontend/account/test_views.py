"""Signing in and out, the password, tokens, and the pages for what went wrong."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from documents.auth import api_tokens
from documents.models import ApiToken


def test_signing_in_leads_to_what_was_asked_for_and_out_to_the_search(
    anyone: Client, ada: User
) -> None:
    sent = {"username": "ada", "password": "lantern-night", "next": "/upload/"}
    assert anyone.post("/account/login/", sent).headers["Location"] == "/upload/"
    assert anyone.post("/account/logout/").headers["Location"] == "/"
    wrong = anyone.post("/account/login/", sent | {"password": "guess"})
    assert b'role="alert"' in wrong.content


def test_signing_in_does_not_lead_to_another_site(anyone: Client, ada: User) -> None:
    sent = {"username": "ada", "password": "lantern-night", "next": "https://evil.example/"}
    assert anyone.post("/account/login/", sent).headers["Location"] == "/"


def test_a_password_is_changed_with_the_old_one_and_judged(as_ada: Client, ada: User) -> None:
    sent = {"old_password": "lantern-night", "new_password1": "12345", "new_password2": "12345"}
    assert "too short" in as_ada.post("/account/password/", sent).content.decode()
    sent |= {"new_password1": "moonlit-harbour", "new_password2": "moonlit-harbour"}
    page = as_ada.post("/account/password/", sent, follow=True)
    assert b"Your password was changed." in page.content
    ada.refresh_from_db()
    assert ada.check_password("moonlit-harbour")


def test_a_token_is_shown_once_and_works_until_it_is_revoked(as_ada: Client, ada: User) -> None:
    page = as_ada.post("/account/", {"name": "Nightly import"})
    secret = page.context["secret"]
    assert secret in page.content.decode() and "no-store" in page["Cache-Control"]
    assert secret not in as_ada.get("/account/").content.decode()
    found = api_tokens.find_token(secret)
    assert found is not None and found.user == ada
    as_ada.post(f"/account/tokens/{found.pk}/revoke")
    assert api_tokens.find_token(secret) is None


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
    page = Client(enforce_csrf_checks=True).post("/account/login/", {"username": "ada"})
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
    ):
        answer = as_ada.get(address)
        page = answer.content.decode()
        assert "style=" not in page and "<style" not in page and "onclick" not in page
        policy = answer["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy
