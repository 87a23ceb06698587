"""The id and the client address of the current request, for logs and the audit log.

The values live in context variables, so that code far from the request can name them without
passing them on. Outside a request both are empty.
"""

import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

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
    """Names each request: the id that a proxy sends, or a new one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.headers.get(ID_HEADER, "")
        request_id = sent if _USABLE_ID.fullmatch(sent) else uuid.uuid4().hex
        context = RequestContext(request_id, request.META.get("REMOTE_ADDR") or None)
        reset = _current.set(context)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(reset)
        response.headers[ID_HEADER] = request_id
        return response
