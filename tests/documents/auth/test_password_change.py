"""A new password ends the user's tokens, by whatever door it comes, unless the user keeps them."""

import io
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from documents.auth import api_tokens, tokens_kept
from documents.models import ApiToken, AuditEvent

NEW = "moonlit-harbour-2026"


@pytest.fixture
def ada(db: None) -> User:
    user = User.objects.create_user("ada", password="lantern-night")
    api_tokens.create_token(user)
    api_tokens.create_token(User.objects.create_user("bob"))
    return user


def left() -> list[str]:
    return sorted(ApiToken.objects.values_list("user__username", flat=True))


def test_setting_a_password_ends_the_tokens_of_its_user(ada: User) -> None:
    ada.set_password(NEW)
    ada.save()
    assert left() == ["bob"]
    event = AuditEvent.objects.get(action="token_revoked")
    assert event.details == {"user": "ada", "reason": "password changed"}


def test_so_does_the_command(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda prompt="": NEW)
    call_command("changepassword", "ada", stdout=io.StringIO())
    assert left() == ["bob"]


def test_so_does_an_administrator_in_the_admin(ada: User, admin_client: Client) -> None:
    sent = {"usable_password": "true", "password1": NEW, "password2": NEW}
    answer = admin_client.post(f"/admin/auth/user/{ada.pk}/password/", sent)
    assert answer.status_code == 302
    assert left() == ["bob"]


def test_a_user_may_keep_them(ada: User) -> None:
    with tokens_kept():
        ada.set_password(NEW)
        ada.save()
    assert left() == ["ada", "bob"]
    ada.set_password(NEW + "!")
    ada.save()
    assert left() == ["bob"]


def test_another_change_of_the_user_and_a_hash_made_anew_end_none(ada: User, settings: Any) -> None:
    ada.email = "ada@example.org"
    ada.save()
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    User.objects.filter(pk=ada.pk).update(password=make_password("lantern-night", hasher="md5"))
    ada.refresh_from_db()
    assert ada.check_password("lantern-night")  # which computes the hash anew
    assert User.objects.get(pk=ada.pk).password.startswith("pbkdf2")
    assert left() == ["ada", "bob"]
