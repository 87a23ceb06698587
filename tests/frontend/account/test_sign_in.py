"""Signing in and out, the password, the second factor, and what the audit log says of them."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import hotp_value
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from documents.models import AuditEvent

PASSWORD, WRONG = "lantern-night", "guess"
Action = AuditEvent.Action


def sign_in(client: Client, password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/account/login/", {"login": "ada", "password": password, **more})


def events(*actions: Action) -> list[tuple[str, dict[str, Any]]]:
    found = AuditEvent.objects.filter(action__in=actions).order_by("id")
    return [(event.actor_name, event.details) for event in found]


def code_of(secret: str) -> str:
    return f"{hotp_value(secret, int(time.time()) // 30):06}"


def with_app(client: Client) -> str:
    """Set up an authenticator app in a browser that is signed in; the app's key."""
    client.post("/account/confirm/", {"password": PASSWORD})
    secret = str(client.get("/account/second-factor/app/").context["form"].secret)
    done = client.post("/account/second-factor/app/", {"code": code_of(secret)})
    assert done.headers["Location"] == "/account/second-factor/recovery/"
    cache.clear()  # a code is taken once, and the tests are faster than the next one
    return secret


def test_signing_in_leads_to_what_was_asked_for_and_out_to_the_search(
    anyone: Client, ada: User
) -> None:
    assert sign_in(anyone, next="/upload/").headers["Location"] == "/upload/"
    assert anyone.get("/upload/").status_code == 200
    assert anyone.post("/account/logout/").headers["Location"] == "/"
    assert anyone.get("/upload/").status_code == 302


def test_a_link_alone_signs_nobody_out(anyone: Client, ada: User) -> None:
    sign_in(anyone)
    assert b"Do you want to sign out" in anyone.get("/account/logout/").content
    assert anyone.get("/upload/").status_code == 200


def test_signing_in_does_not_lead_to_another_site(anyone: Client, ada: User) -> None:
    assert sign_in(anyone, next="https://evil.example/").headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_name_are_told_in_the_same_words(
    anyone: Client, ada: User
) -> None:
    wrong = sign_in(anyone, "guess").content.decode()
    unknown = anyone.post("/account/login/", {"login": "eve", "password": "guess"})
    assert "The user name or the password is not right." in wrong and 'role="alert"' in wrong
    told = r'<p class="notice error"[^>]*>[^<]*</p>'
    assert re.findall(told, wrong) == re.findall(told, unknown.content.decode()) != []


def test_an_unknown_name_costs_a_hash_as_a_wrong_password_does(
    anyone: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    sign_in(anyone, "guess")
    anyone.post("/account/login/", {"login": "eve", "password": "other"})
    assert hashed == ["guess", "other"]


def test_there_is_no_sign_up_and_no_mail(anyone: Client) -> None:
    for path in ("signup/", "password/reset/", "email/"):
        assert anyone.get(f"/account/{path}").status_code == 404


def test_who_is_deactivated_is_told_so_only_with_the_right_password(
    anyone: Client, ada: User
) -> None:
    User.objects.update(is_active=False)
    assert b"is not right" in sign_in(anyone, "guess").content
    assert b"This account is closed" in sign_in(anyone).client.get("/account/inactive/").content
    assert anyone.get("/account/").status_code == 302


def test_the_admin_signs_in_by_the_same_page(anyone: Client, ada: User) -> None:
    page = anyone.get("/admin/login/?next=/admin/")
    assert page.headers["Location"] == "/account/login/?next=%2Fadmin%2F"
    sent = {"username": "ada", "password": PASSWORD, "next": "/admin/"}
    assert "login" in anyone.post("/admin/login/", sent).headers["Location"]
    assert "_auth_user_id" not in anyone.session
    sign_in(anyone)
    assert anyone.get("/admin/login/").status_code == 403


def test_the_session_has_another_id_after_the_sign_in(anyone: Client, ada: User) -> None:
    anyone.cookies["sessionid"] = "chosen-by-a-stranger-0123456789a"
    sign_in(anyone)
    cookie = anyone.cookies["sessionid"]
    assert cookie.value != "chosen-by-a-stranger-0123456789a"
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_a_password_is_changed_with_the_old_one_and_judged(as_ada: Client, ada: User) -> None:
    sent = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    page = as_ada.post("/account/password/", sent).content.decode()
    assert "too short" in page and "at least 12 characters" in page
    sent |= {"password1": "moonlit-harbour", "password2": "moonlit-harbour"}
    wrong = as_ada.post("/account/password/", sent | {"oldpassword": "guess"})
    assert b'aria-invalid="true"' in wrong.content
    other = Client()
    other.force_login(ada)
    done = as_ada.post("/account/password/", sent, follow=True)
    assert done.redirect_chain[-1][0] == "/account/"
    assert b"Password successfully changed." in done.content
    ada.refresh_from_db()
    assert ada.check_password("moonlit-harbour")
    assert other.get("/account/").status_code == 302
    assert as_ada.get("/account/").status_code == 200
    assert events(Action.PASSWORD_CHANGED) == [("ada", {})]


def test_sign_ins_failures_and_sign_outs_are_in_the_audit_log(anyone: Client, ada: User) -> None:
    sign_in(anyone, "guess")
    sign_in(anyone)
    anyone.post("/account/logout/")
    found = AuditEvent.objects.order_by("id")
    assert [(event.action, event.actor_name) for event in found] == [
        ("sign_in_failed", "ada"),
        ("sign_in", "ada"),
        ("sign_out", "ada"),
    ]
    assert {event.address for event in found} == {"127.0.0.1"}
    assert found[0].details == {"reason": "password"}


def test_a_code_of_the_app_is_asked_for_once_it_is_set_up(
    anyone: Client, ada: User, django_capture_on_commit_callbacks: Any
) -> None:
    sign_in(anyone)
    with django_capture_on_commit_callbacks(execute=True):
        secret = with_app(anyone)
    phone = Client()
    assert sign_in(phone, next="/upload/").headers["Location"] == "/account/second-factor/code/"
    assert phone.get("/upload/").status_code == 302
    assert (
        b"The code is not right."
        in phone.post("/account/second-factor/code/", {"code": "1"}).content
    )
    done = phone.post("/account/second-factor/code/", {"code": code_of(secret)})
    assert done.headers["Location"] == "/upload/"
    assert phone.get("/upload/").status_code == 200
    changes = events(Action.SECOND_FACTOR_CHANGED)
    assert ("ada", {"change": "added", "type": "totp"}) in changes
    assert events(Action.SIGN_IN_FAILED) == [("ada", {"reason": "totp"})]


def test_who_has_no_code_goes_back_to_the_sign_in(anyone: Client, ada: User) -> None:
    sign_in(anyone)
    with_app(anyone)
    phone = Client()
    sign_in(phone)
    phone.post("/account/logout/", {"next": "/account/login/"})
    assert phone.get("/account/login/").status_code == 200


def test_a_form_without_a_code_is_answered_with_the_page(anyone: Client, ada: User) -> None:
    sign_in(anyone)
    with_app(anyone)
    phone = Client()
    sign_in(phone)
    assert phone.post("/account/second-factor/code/", {}).status_code == 200


def test_codes_are_not_to_be_guessed(anyone: Client, ada: User) -> None:
    sign_in(anyone)
    secret = with_app(anyone)
    phone = Client()
    sign_in(phone)
    for _ in range(5):
        phone.post("/account/second-factor/code/", {"code": "1"})
    refused = phone.post("/account/second-factor/code/", {"code": code_of(secret)})
    assert b"Too many failed login attempts" in refused.content
    assert phone.get("/account/").status_code == 302
    assert anyone.get("/account/").status_code == 200


def test_a_recovery_code_lets_in_once(anyone: Client, ada: User) -> None:
    sign_in(anyone)
    with_app(anyone)
    [code, *_] = anyone.get("/account/second-factor/recovery/").context["unused_codes"]
    assert code in anyone.get("/account/second-factor/recovery/download/").content.decode()
    for expected in ("/", None):
        phone = Client()
        sign_in(phone)
        done = phone.post("/account/second-factor/code/", {"code": code})
        assert done.headers.get("Location") == expected


def test_the_secrets_of_the_second_factor_are_encrypted(anyone: Client, ada: User) -> None:
    sign_in(anyone)
    secret = with_app(anyone)
    [app] = Authenticator.objects.filter(type="totp")
    assert secret not in str(app.data) and app.wrap().validate_code(code_of(secret))


def test_a_second_factor_of_another_secret_key_fits_no_code(
    anyone: Client, ada: User, settings: Any
) -> None:
    sign_in(anyone)
    secret = with_app(anyone)
    settings.SECRET_KEY = "another"
    [app] = Authenticator.objects.filter(type="totp")
    assert not app.wrap().validate_code(code_of(secret))


def test_the_app_is_removed_only_by_who_confirms(anyone: Client, ada: User, settings: Any) -> None:
    sign_in(anyone)
    with_app(anyone)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    asked = anyone.post("/account/second-factor/app/remove/")
    assert asked.headers["Location"].startswith("/account/confirm/")
    assert Authenticator.objects.filter(user=ada, type="totp").exists()
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
    anyone.post(asked.headers["Location"], {"password": PASSWORD})
    assert not Authenticator.objects.filter(user=ada).exists()
    changes = [details["change"] for _, details in events(Action.SECOND_FACTOR_CHANGED)]
    assert changes == ["removed", "removed"]
