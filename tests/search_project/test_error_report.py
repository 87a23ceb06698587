"""The page of a failure with DEBUG=on: full of facts, and without a secret."""

from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as live
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.views.debug import (
    ExceptionReporter,
    SafeExceptionReporterFilter,
    get_exception_reporter_class,
)

from documents.auth import create_token
from frontend.status import charts
from search_project import server_urls
from search_project.error_report import HIDDEN, SecretsFilter, without_credentials

ODD = "pa'ss/word&<more>é"
ADDRESS = f"postgres://lantern:{quote(ODD, safe='')}@db.example.org/search"
BROKER = "rediss://:S3cretBroker@redis.example.org:6379/0"
CACHE = "redis://app:S3cret%2CCache@cache.example.org/0"


@pytest.fixture
def secrets(settings: Any) -> list[str]:
    """Settings as those of an installation with servers of its own, and what must not be seen."""
    settings.DEBUG = True
    settings.DATABASE_URL, settings.REDIS_URL, settings.CACHE_URL = ADDRESS, BROKER, CACHE
    settings.CELERY_BROKER_URL = BROKER
    settings.ADMIN_PASSWORD = "harbour-of-admins"
    settings.OWN_BROKER = BROKER
    kept = [path.read_text() for path in live.STATE.folder("secrets").iterdir()]
    assert len(kept) >= 3
    return [
        ODD, quote(ODD, safe=""), "S3cretBroker", "S3cret,Cache", "S3cret%2CCache",
        settings.ADMIN_PASSWORD, settings.SECRET_KEY, *kept,
    ]  # fmt: skip


def failing(*_: Any) -> None:
    database = server_urls.database_settings(ADDRESS)
    url, password = BROKER, ODD
    told = {"deep": [f"connects to {CACHE}"], "database": database}
    raise RuntimeError(f"No connection to {BROKER} with {password}: {len(told)} {len(url)}")


@pytest.mark.django_db
def test_the_page_of_a_failed_request_shows_no_secret(
    secrets: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = User.objects.create_superuser("root")
    client = Client(raise_request_exception=False)
    client.force_login(staff)
    token, session = create_token(staff), client.cookies["sessionid"].value
    monkeypatch.setattr(charts, "checks", failing)
    client.cookies["preference"] = "a-private-cookie"
    answer = client.get("/status/", headers={"Authorization": f"Bearer {token}"})
    page = answer.text
    assert answer.status_code == 500
    assert "RuntimeError" in page and "redis.example.org" in page and "DATABASE_URL" in page
    found = [one for one in [*secrets, token, session, "a-private-cookie"] if one in page]
    assert found == []


def test_nor_does_its_plain_text(secrets: list[str]) -> None:
    request = RequestFactory().post(
        "/account/login/", {"username": "ada", "password": "lantern-night", "csrf_token": "ab12cd"}
    )
    try:
        failing()
    except RuntimeError as error:
        reporter = get_exception_reporter_class(request)(  # type: ignore[operator]
            request, type(error), error, error.__traceback__
        )
    text = reporter.get_traceback_text()
    assert "username = 'ada'" in text and "RuntimeError" in text
    assert [one for one in [*secrets, "lantern-night", "ab12cd"] if one in text] == []


def test_django_alone_would_tell_them(secrets: list[str]) -> None:
    """What the tests above would see if the settings did not name our reporter."""
    try:
        failing()
    except RuntimeError as error:
        reporter = ExceptionReporter(None, type(error), error, error.__traceback__)
    reporter.filter = SafeExceptionReporterFilter()
    assert "S3cretBroker" in reporter.get_traceback_html()


@pytest.mark.parametrize(
    "name",
    ["DATABASE_URL", "ADMIN_PASSWORD", "SECRET_KEY", "HTTP_AUTHORIZATION", "HTTP_COOKIE",
     "CSRF_COOKIE", "HF_TOKEN", "AWS_SECRET_ACCESS_KEY", "REDIS_URL"],
)  # fmt: skip
def test_names_of_secrets_are_hidden_whatever_they_hold(name: str) -> None:
    assert SecretsFilter().cleanse_setting(name, "anything") == HIDDEN


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("redis://:pass@db:6379/0", f"redis://{HIDDEN}@db:6379/0"),
        ("['postgres://u:p%40@h/x', 1]", f"['postgres://{HIDDEN}@h/x', 1]"),
        ("https://user:a@b@host/x", f"https://{HIDDEN}@host/x"),
        ("https://example.org/?mail=a@b.c", "https://example.org/?mail=a@b.c"),
        ("http://example.org and ada@example.org", "http://example.org and ada@example.org"),
    ],
)
def test_an_address_is_shown_without_its_credentials(text: str, shown: str) -> None:
    assert without_credentials(text) == shown
