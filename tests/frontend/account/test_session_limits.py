"""How long a session lasts."""

import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents.models import AuditEvent
from frontend.account.session_limits import NOTED_EVERY_S
from frontend.tasks import delete_expired_sessions

HOUR = 3600


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Any:
    """`clock(seconds)` lets them pass."""
    settings.SESSION_IDLE_HOURS, settings.SESSION_MAX_DAYS = 2, 3
    passed = [0.0]
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + passed[0])

    def later(seconds: float) -> None:
        passed[0] += seconds

    return later


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_an_idle_session_ends_and_one_in_use_goes_on(as_ada: Client, clock: Any) -> None:
    assert is_signed_in(as_ada)
    for _ in range(3):
        clock(1.9 * HOUR)
        assert is_signed_in(as_ada)
    clock(2 * HOUR + 1)
    assert not is_signed_in(as_ada)
    [event] = AuditEvent.objects.filter(action="session_ended")
    assert (event.actor_name, event.details) == ("ada", {"reason": "idle"})


def test_a_session_ends_at_its_age_however_much_it_is_used(as_ada: Client, clock: Any) -> None:
    for _ in range(36):
        assert is_signed_in(as_ada)
        clock(1.99 * HOUR)
    assert is_signed_in(as_ada)
    clock(0.4 * HOUR)
    assert not is_signed_in(as_ada)
    assert AuditEvent.objects.get(action="session_ended").details == {"reason": "age"}


def test_a_request_writes_only_when_the_last_note_is_old(as_ada: Client, clock: Any) -> None:
    as_ada.get("/account/sessions/")
    with CaptureQueriesContext(connection) as queries:
        as_ada.get("/account/sessions/")
    assert not [query for query in queries if query["sql"].startswith(("UPDATE", "INSERT"))]
    before = UserSession.objects.get().last_seen_at
    clock(NOTED_EVERY_S + 1)
    as_ada.get("/account/sessions/")
    assert UserSession.objects.get().last_seen_at > before


def test_the_api_ends_it_too(as_ada: Client, ada: User, clock: Any) -> None:
    as_ada.get("/api/v1/collections")
    clock(2 * HOUR + 1)
    sent = {"slug": "mine", "name": "Mine"}
    refused = as_ada.post("/api/v1/collections", sent, content_type="application/json")
    assert refused.status_code == 401


def test_what_is_stored_of_a_session_goes_after_its_end(as_ada: Client, ada: User) -> None:
    as_ada.get("/account/sessions/")
    ended = Client()
    ended.force_login(ada)
    ended.get("/account/sessions/")
    past = timezone.now() - timedelta(seconds=1)
    Session.objects.filter(pk=ended.session.session_key).update(expire_date=past)
    assert UserSession.objects.count() == 2
    delete_expired_sessions()
    assert Session.objects.get().pk == as_ada.session.session_key
    assert UserSession.objects.get().session_key == as_ada.session.session_key


def test_the_sessions_of_a_deactivated_account_end_at_once(as_ada: Client, ada: User) -> None:
    assert is_signed_in(as_ada)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert not is_signed_in(as_ada)
