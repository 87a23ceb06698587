"""Signing in and out, the password, tokens, and the pages for what went wrong."""

import html
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from documents.auth import api_tokens
from documents.models import ApiToken, AuditEvent, Collection, Document


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


SENT = {"name": "Nightly import", "scope": "write", "days": "30", "password": "lantern-night"}


def test_a_token_is_shown_once_and_works_until_it_is_revoked(as_ada: Client, ada: User) -> None:
    page = as_ada.post("/account/", SENT)
    secret = page.context["secret"]
    assert secret in page.content.decode() and "no-store" in page["Cache-Control"]
    assert secret not in as_ada.get("/account/").content.decode()
    found = api_tokens.find_token(secret)
    assert found is not None and found.user == ada
    as_ada.post(f"/account/tokens/{found.pk}/revoke")
    assert api_tokens.find_token(secret) is None
    events = AuditEvent.objects.filter(target_type="apitoken")
    assert sorted((event.action, event.actor) for event in events) == [
        ("token_created", ada), ("token_revoked", ada),
    ]  # fmt: skip


@pytest.mark.parametrize("password", ["", "lantern-nigh", "\0"])
def test_a_token_is_made_only_with_the_password(as_ada: Client, password: str) -> None:
    page = as_ada.post("/account/", SENT | {"password": password})
    assert 'aria-describedby="password-error"' in page.content.decode()
    assert 'value="Nightly import"' in page.content.decode()
    assert not ApiToken.objects.exists()


def test_a_token_goes_as_far_as_the_form_says_and_the_page_lists_that(
    as_ada: Client, ada: User, shared: Collection, secret: Collection
) -> None:
    as_ada.post("/account/", SENT | {"collections": ["shared"]})
    token = ApiToken.objects.get()
    assert (token.scope, [one.slug for one in token.collections.all()]) == ("write", ["shared"])
    assert not token.all_collections and token.expires_at is not None
    assert round((token.expires_at - token.created_at).total_seconds() / 86_400) == 30
    as_ada.post("/account/", SENT | {"name": "All", "scope": "search", "days": "0"})
    everywhere = ApiToken.objects.get(name="All")
    assert everywhere.all_collections and everywhere.expires_at is None
    page = html.unescape(as_ada.get("/account/").content.decode())
    for words in ("Write: also upload", "Shared", "all collections", "does not expire", "until"):
        assert words in page
    assert "Secret" not in page
    ApiToken.objects.update(expires_at=timezone.now())
    shared.delete()
    page = as_ada.get("/account/").content.decode()
    assert page.count("expired</span>") == 2 and "no collection any more" in page


@pytest.mark.parametrize(
    "wrong", [{"scope": "root"}, {"days": "9999"}, {"collections": ["secret"]}, {"name": "\0"}]
)
def test_no_token_is_made_of_what_the_form_does_not_offer(
    as_ada: Client, secret: Collection, wrong: dict[str, Any]
) -> None:
    assert as_ada.post("/account/", SENT | wrong).context["secret"] == ""
    assert not ApiToken.objects.exists()


def test_the_page_says_when_there_are_too_many_tokens(as_ada: Client, settings: Any) -> None:
    settings.TOKENS_PER_USER = 1
    as_ada.post("/account/", SENT)
    assert b"all the tokens that one user may have (1)" in as_ada.post("/account/", SENT).content
    assert ApiToken.objects.count() == 1


def test_all_tokens_are_revoked_at_once_and_only_ones_own(as_ada: Client, ada: User) -> None:
    for user in (ada, ada, User.objects.create_user("bob")):
        api_tokens.create_token(user)
    assert b"Revoke all tokens" in as_ada.get("/account/").content
    page = as_ada.post("/account/tokens/revoke", follow=True)
    assert b"2 tokens were revoked." in page.content
    assert [token.user.username for token in ApiToken.objects.all()] == ["bob"]


@pytest.mark.parametrize("keeps", [False, True])
def test_a_new_password_ends_the_tokens_unless_the_box_is_ticked(
    as_ada: Client, ada: User, keeps: bool
) -> None:
    assert b"keep_tokens" not in as_ada.get("/account/password/").content
    api_tokens.create_token(ada)
    assert b'type="checkbox" name="keep_tokens"' in as_ada.get("/account/password/").content
    new = {"new_password1": "moonlit-harbour", "new_password2": "moonlit-harbour"}
    sent = {"old_password": "lantern-night", **new} | ({"keep_tokens": "on"} if keeps else {})
    assert as_ada.post("/account/password/", sent).status_code == 302
    assert ApiToken.objects.exists() is keeps


def test_the_page_shows_what_is_kept_of_the_quota_to_whom_it_concerns(
    as_ada: Client, ada: User, shared: Collection, settings: Any
) -> None:
    settings.USER_QUOTA_MB, settings.USER_QUOTA_DOCUMENTS = 2, 5
    Document.objects.create(collection=shared, external_id="a", uploaded_by=ada, size=3 * 2**19)
    page = html.unescape(as_ada.get("/account/").content.decode()).replace("\xa0", " ")
    assert "1 of 5" in page and "1.5 MB of 2.0 MB" in page
    User.objects.filter(pk=ada.pk).update(is_superuser=True)
    assert b"What you keep" not in as_ada.get("/account/").content
    User.objects.filter(pk=ada.pk).update(is_superuser=False)
    settings.USER_QUOTA_MB = settings.USER_QUOTA_DOCUMENTS = 0
    assert b"What you keep" not in as_ada.get("/account/").content


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
