"""The id and the client address of the current request, for logs and the audit log.

The values live in context variables, so that code far from the request can name them without
passing them on. Outside a request both are empty.
"""

import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

IPAddress = IPv4Address | IPv6Address

ID_HEADER = "X-Request-ID"
_USABLE_ID = re.compile(r"[\w.-]{8,64}", re.ASCII)


@dataclass(frozen=True)
class RequestContext:
    """The id of a request, also in its answer's header X-Request-ID, and the caller's address."""

    request_id: str = ""
    address: str | None = None


_OUTSIDE = RequestContext()
_current: ContextVar[RequestContext] = ContextVar("request_context", default=_OUTSIDE)


def request_context() -> RequestContext:
    return _current.get()


class RequestContextMiddleware:
    """Names each request: the id that a proxy sends, or a new one; and whom it comes from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.headers.get(ID_HEADER, "")
        request_id = sent if _USABLE_ID.fullmatch(sent) else uuid.uuid4().hex
        address = _client_address(request)
        request.META["REMOTE_ADDR"] = address or ""  # whoever asks Django is told the same
        context = RequestContext(request_id, address)
        reset = _current.set(context)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(reset)
        response.headers[ID_HEADER] = request_id
        return response


def _client_address(request: HttpRequest) -> str | None:
    """The peer; where that is a trusted proxy, the last in X-Forwarded-For that is none.

    Each proxy appends the address that it was called from, so that what a client has written into
    the header itself stands before, and is never reached.
    """
    address = _ip_address(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    while address and _is_trusted(address) and forwarded:
        named = _ip_address(forwarded.pop())
        if named is None:
            break
        address = named
    return str(address) if address else None


def _ip_address(text: str) -> IPAddress | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(address: IPAddress) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)
