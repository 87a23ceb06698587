"""A session ends when it was idle too long, or when its sign-in is too long ago."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse

from documents.auth import record_event
from documents.models import AuditEvent

SIGNED_IN_AT, LAST_SEEN_AT = "signed_in_at", "last_seen_at"
# Not every request writes: what is seen of a session is this old at most.
NOTED_EVERY_S = 300


class SessionLimitMiddleware:
    """Behind AuthenticationMiddleware: whoever comes too late is anonymous.

    Notes now and then when and from where a session was seen, for the list of sessions.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            _hold_to_limits(request, time.time())
        return self.get_response(request)


def delete_expired() -> None:
    """Delete what is stored of sessions past their end, and what the lists say of them."""
    SessionStore.clear_expired()
    live = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=live).delete()


def _hold_to_limits(request: HttpRequest, now: float) -> None:
    session = request.session
    signed_in = session.setdefault(SIGNED_IN_AT, now)
    seen = session.get(LAST_SEEN_AT, signed_in)
    if now - seen > settings.SESSION_IDLE_HOURS * 3600:
        _end(request, "idle")
    elif now - signed_in > settings.SESSION_MAX_DAYS * 24 * 3600:
        _end(request, "age")
    elif now - seen > NOTED_EVERY_S or LAST_SEEN_AT not in session:
        session[LAST_SEEN_AT] = now
        UserSession.objects.create_from_request(request)


def _end(request: HttpRequest, reason: str) -> None:
    record_event(AuditEvent.Action.SESSION_ENDED, request.user, reason=reason)
    request.session.flush()
    request.user = AnonymousUser()
