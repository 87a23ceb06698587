"""Sends an act and says what came of it; what it has changed is taken back."""

import re
from dataclasses import dataclass, replace
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.core.handlers.base import BaseHandler
from django.db import connection, transaction
from django.test import RequestFactory
from django.urls import reverse

from tests.permissions.requests import Act, parts_of
from tests.permissions.table import Operation

# What an operation may change, but for what every request notes.
STATE = """
SELECT md5(string_agg(row, '' ORDER BY row)) FROM (
    SELECT to_jsonb(t)::text AS row FROM documents_document t
    UNION ALL SELECT to_jsonb(t)::text FROM documents_collection t
    UNION ALL SELECT to_jsonb(t)::text FROM documents_collectionmember t
    UNION ALL SELECT (to_jsonb(t) - 'last_used_at')::text FROM documents_apitoken t
    UNION ALL SELECT to_jsonb(t)::text FROM retrieval_judgement t
    UNION ALL SELECT to_jsonb(t)::text FROM retrieval_click t
    UNION ALL SELECT to_jsonb(t)::text FROM retrieval_pin t
    UNION ALL SELECT to_jsonb(t)::text FROM retrieval_synonymlist t
    UNION ALL SELECT to_jsonb(t)::text FROM auth_group t
    UNION ALL SELECT (to_jsonb(t) - 'last_login')::text FROM auth_user t
    UNION ALL SELECT to_jsonb(t)::text FROM mfa_authenticator t
    UNION ALL SELECT 'session ' || id FROM usersessions_usersession t
) rows
"""
# What differs between two answers to the same request.
CHANGING = re.compile(
    r"X-Request-ID: \S+|Content-Length: \d+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|csrfmiddlewaretoken\" value=\"\w+|\"X-CSRFToken\": ?\"\w+|nonce=\"[^\"]+"
)


@dataclass(frozen=True)
class Answer:
    outcome: str
    status: int
    text: str

    @property
    def comparable(self) -> str:
        return CHANGING.sub("", self.text)


class ActClient:
    """The handler of requests itself: Django's test client copies every template's context."""

    def __init__(self) -> None:
        self._factory = RequestFactory()
        self._handler = BaseHandler()
        self._handler.load_middleware()
        self._before = _state()
        self._for_missing: dict[tuple[Operation, str], tuple[int, str]] = {}

    def perform(self, act: Act) -> Answer:
        """What comes of it, and whether it has changed anything. Nothing is kept."""
        safe = act.operation.method == "GET"
        with transaction.atomic():
            answer = self._send(act)
            changed = not safe and _state() != self._before
            transaction.set_rollback(True)
        if not safe:
            cache.clear()  # of limits of rates
        if changed and answer.outcome != "ok":
            raise AssertionError(f"{act.operation} was answered {answer.status} and changed things")
        if answer.outcome == "ok" and not safe and not changed:
            return Answer("idle", answer.status, answer.text)
        return answer

    def answer_for_missing(self, act: Act) -> tuple[int, str]:
        """Status and text for the same act upon an object that is not there."""
        key = act.operation, act.caller
        if key not in self._for_missing:
            answer = self.perform(replace(act, which="missing"))
            self._for_missing[key] = answer.status, answer.comparable
        return self._for_missing[key]

    def _send(self, act: Act) -> Answer:
        cookies, headers = act.sample.credentials[act.caller]
        self._factory.cookies = SimpleCookie(cookies)
        address, body, is_json = parts_of(act)
        ask = getattr(self._factory, act.operation.method.lower())
        options: dict[str, Any] = {"data": body} if act.operation.method == "POST" else {}
        if is_json and act.operation.method not in ("GET", "DELETE"):
            options = {"data": body, "content_type": "application/json"}
        request = ask(address, **options, **headers)
        request._dont_enforce_csrf_checks = True
        response: Any = self._handler.get_response(request)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        for close in response._resource_closers:  # not close(), which ends the connection too
            close()
        text = "".join(f"{name}: {value}\n" for name, value in response.items())
        text += content.decode(errors="replace")
        text = text.replace(f"“{act.sample.collection(act.which).slug}”", "“what was asked for”")
        return Answer(_outcome(response), response.status_code, text)


def _state() -> str:
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        return str(cursor.fetchone()[0])


def _outcome(response: Any) -> str:
    if response.status_code >= 400:
        return str(response.status_code)
    to = urlsplit(response.headers.get("Location", "")).path
    if to in (reverse("account_login"), reverse("admin:login")):
        return "login"
    if to in (reverse("account_reauthenticate"), reverse("mfa_reauthenticate")):
        return "confirm"
    return "ok"
