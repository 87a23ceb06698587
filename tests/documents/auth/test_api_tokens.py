"""Tokens: how they are made, kept, used and refused."""

import hashlib
import io
import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from documents.auth import api_tokens
from documents.models import ApiToken
from tests.api import browser, caller, make_user

pytestmark = pytest.mark.django_db
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


def test_another_scheme_is_left_to_the_proxy_that_asked_for_it() -> None:
    assert caller().get(URL, HTTP_AUTHORIZATION="Basic YTpi").status_code == 200


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


@pytest.mark.parametrize(("active", "reason"), [(None, "no user called"), (False, "deactivated")])
def test_the_command_says_why_it_makes_none(active: bool | None, reason: str) -> None:
    if active is not None:
        user = make_user("ada")
        user.is_active = active
        user.save()
    with pytest.raises(CommandError, match=reason):
        call_command("token", "ada")
    assert not ApiToken.objects.exists()
