"""Tokens: how they are made, kept, used and refused."""

import hashlib
import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from documents.auth import api_tokens
from documents.errors import TokenLimitReached
from documents.models import ApiToken, AuditEvent, Collection, TokenScope
from tests.api import browser, caller, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
URL = "/api/v1/documents"


def test_only_the_digest_of_a_token_is_kept() -> None:
    token = api_tokens.create_token(make_user("ada"), "laptop")
    row = ApiToken.objects.get()
    assert re.fullmatch("[0-9a-f]{64}", token)
    assert row.digest == hashlib.sha256(token.encode()).hexdigest()
    assert (row.prefix, row.name) == (token[:8], "laptop")
    assert token not in [str(value) for value in vars(row).values()]


def test_a_token_signs_its_user_in() -> None:
    assert caller(make_user("ada")).post(URL, {}).status_code == 400  # let in, but sends nothing


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer a b", "Bearer wrong", "Bearer \xff\xfe", "bearer x"]
)
def test_a_bad_token_is_answered_with_401_and_what_to_do(header: str) -> None:
    answer = caller().get(URL, HTTP_AUTHORIZATION=header)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
    assert answer.json()["detail"].endswith(".")


def test_no_token_is_answered_with_401_where_one_is_needed() -> None:
    answer = caller().post(URL, {"title": "A", "text": "b"}, format="json")
    assert answer.status_code == 401
    assert "Authorization: Bearer TOKEN" in answer.json()["detail"]


def test_the_token_of_a_deactivated_user_is_refused() -> None:
    user = make_user("ada")
    client = caller(user)
    assert client.get(URL).status_code == 200
    user.is_active = False
    user.save()
    answer = client.get(URL)
    assert answer.status_code == 401
    assert "deactivated" in answer.json()["detail"]


@pytest.mark.parametrize("header", ["Basic YTpi", "Token x", "Digest a=b", "x"])
def test_another_scheme_is_refused_instead_of_taken_for_nobody(header: str) -> None:
    answer = caller().get(URL, HTTP_AUTHORIZATION=header)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
    assert "Authorization: Bearer TOKEN" in answer.json()["detail"]


def test_an_empty_header_is_none() -> None:
    assert caller().get(URL, HTTP_AUTHORIZATION=" ").status_code == 200


def test_a_token_expires_after_the_days_of_the_setting_or_those_named_or_never(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    ada = make_user("ada")
    settings.TOKEN_DAYS = 30
    api_tokens.create_token(ada, "as set")
    api_tokens.create_token(ada, "a week", days=7)
    api_tokens.create_token(ada, "for good", days=0)
    days = {
        token.name: token.expires_at and round((token.expires_at - timezone.now()) / DAY)
        for token in ApiToken.objects.all()
    }
    assert days == {"as set": 30, "a week": 7, "for good": None}
    client = caller(ada, days=1)
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = client.get(URL)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] and "expired" in answer.json()["detail"]
    assert "An expired token of ada was used" in caplog.text
    assert not ApiToken.objects.exclude(last_used_at=None).exists()


def test_a_user_has_so_many_tokens_that_have_not_expired(settings: Any) -> None:
    settings.TOKENS_PER_USER = 2
    ada = make_user("ada")
    for _ in range(2):
        api_tokens.create_token(ada)
    with pytest.raises(TokenLimitReached, match="all the tokens that one user may have"):
        api_tokens.create_token(ada)
    api_tokens.create_token(make_user("bob"))
    ApiToken.objects.filter(pk=ApiToken.objects.filter(user=ada)[0].pk).update(
        expires_at=timezone.now()
    )
    api_tokens.create_token(ada)


@pytest.mark.django_db(transaction=True)
def test_tokens_made_at_the_same_moment_are_counted_in_turn(settings: Any) -> None:
    settings.TOKENS_PER_USER = 3
    ada = make_user("ada")

    def make(_: int) -> bool:
        try:
            return bool(api_tokens.create_token(ada))
        except TokenLimitReached:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(make, range(6))) == 3


def test_making_and_revoking_stand_in_the_audit_log() -> None:
    ada, bob = make_user("ada"), make_user("bob")
    vault = Collection.objects.create(name="Vault", slug="vault")
    api_tokens.create_token(
        ada, "laptop", scope=TokenScope.READ, collections=[vault], days=0, actor=bob
    )
    token = ApiToken.objects.get()
    assert api_tokens.revoke_tokens([token], bob, reason="lost") == 1
    revoked, made = AuditEvent.objects.all()
    assert (made.action, made.actor, made.target_name) == ("token_created", bob, str(token))
    limits = {"user": "ada", "scope": "read", "collections": ["vault"], "expires_at": None}
    assert made.details == limits
    assert (revoked.action, revoked.actor, revoked.target_id) == (
        "token_revoked",
        bob,
        str(token.pk),
    )
    assert revoked.details == {"user": "ada", "reason": "lost"}


def test_use_is_noted_at_most_once_a_minute() -> None:
    client = caller(make_user("ada"))
    assert ApiToken.objects.get().last_used_at is None
    client.get(URL)
    first = ApiToken.objects.get().last_used_at
    assert first is not None
    client.get(URL)
    assert ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=timezone.now() - timedelta(seconds=61))
    client.get(URL)
    assert ApiToken.objects.filter(last_used_at__gt=first).exists()


def test_a_session_needs_the_csrf_token_and_a_bearer_token_does_not() -> None:
    user = make_user("ada")
    client = browser(user)
    body = {"title": "A", "text": "b"}
    refused = client.post(URL, body, format="json")
    assert refused.status_code == 403
    assert "CSRF" in refused.json()["detail"]
    client.get("/api/v1/docs?script=")
    given = client.cookies["csrftoken"].value
    assert client.post(URL, body, format="json", HTTP_X_CSRFTOKEN=given).status_code == 202
    assert caller(user).post(URL, body, format="json").status_code == 200


def test_the_command_prints_the_token_and_nothing_else() -> None:
    make_user("ada")
    out = io.StringIO()
    call_command("token", "ada", stdout=out)
    assert api_tokens.find_token(out.getvalue().removesuffix("\n")).user.username == "ada"


def test_the_command_says_how_far_the_token_goes() -> None:
    make_user("ada")
    for slug in ("one", "two", "three"):
        Collection.objects.create(name=slug, slug=slug)
    out = io.StringIO()
    options = ["--scope=write", "--collection=one", "--collection=two", "--days=0", "--name=Import"]
    call_command("token", "ada", *options, stdout=out)
    token = api_tokens.find_token(out.getvalue().strip())
    assert token is not None
    assert (token.scope, token.name, token.expires_at) == ("write", "Import", None)
    assert sorted(one.slug for one in token.collections.all()) == ["one", "two"]
    assert not token.all_collections


@pytest.mark.parametrize(
    ("option", "reason"),
    [
        ("--scope=all", "invalid"),
        ("--collection=none", "no collection none"),
        ("--days=-1", "from 0 to 36500"),
    ],
)
def test_the_command_refuses_limits_that_mean_nothing(option: str, reason: str) -> None:
    make_user("ada")
    with pytest.raises(CommandError, match=reason):
        call_command("token", "ada", option)
    assert not ApiToken.objects.exists()


def test_the_command_says_when_there_are_too_many(settings: Any) -> None:
    settings.TOKENS_PER_USER = 1
    api_tokens.create_token(make_user("ada"))
    with pytest.raises(CommandError, match="Revoke one first"):
        call_command("token", "ada")


@pytest.mark.parametrize(("active", "reason"), [(None, "no user called"), (False, "deactivated")])
def test_the_command_says_why_it_makes_none(active: bool | None, reason: str) -> None:
    if active is not None:
        user = make_user("ada")
        user.is_active = active
        user.save()
    with pytest.raises(CommandError, match=reason):
        call_command("token", "ada")
    assert not ApiToken.objects.exists()
