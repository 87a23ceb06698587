"""Whom a request comes from: the peer, or whom a proxy that is trusted names."""

from ipaddress import ip_network

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from documents.request_context import RequestContextMiddleware, request_context


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),  # whoever is not trusted may write anything
        ("10.1.2.3", None, "10.1.2.3"),
        ("10.1.2.3", "198.51.100.7", "198.51.100.7"),
        ("10.1.2.3", "1.2.3.4, 198.51.100.7", "198.51.100.7"),  # 1.2.3.4 is the client's own word
        ("10.1.2.3", "1.2.3.4, 198.51.100.7, 10.9.9.9", "198.51.100.7"),
        ("10.1.2.3", "10.9.9.9", "10.9.9.9"),  # a client inside the trusted network
        ("10.1.2.3", "198.51.100.7, nonsense", "10.1.2.3"),
        ("::ffff:10.1.2.3", "2001:db8::7", "2001:db8::7"),
        ("fd00::1", "198.51.100.7", "198.51.100.7"),
        ("", None, None),
        ("unix:", "198.51.100.7", None),
    ],
)
def test_the_client_is_who_the_last_trusted_proxy_was_called_from(
    settings: Settings, peer: str, forwarded: str | None, client: str | None
) -> None:
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8"), ip_network("fd00::1")]
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer)
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append((request_context().address, request.META["REMOTE_ADDR"]))
        return HttpResponse()

    RequestContextMiddleware(view)(request)
    assert seen == [(client, client or "")]
    assert request_context().address is None
