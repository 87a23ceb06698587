"""Every error of the API as JSON: {"detail": sentence}, or {field: [sentences]} for a bad value."""

import logging
from collections.abc import Callable
from typing import Any

import kombu.exceptions
import redis.exceptions
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from rest_framework import status
from rest_framework.exceptions import (
    APIException,
    ErrorDetail,
    NotAuthenticated,
    Throttled,
    ValidationError,
)
from rest_framework.response import Response
from rest_framework.views import exception_handler

from documents.errors import (
    CollectionDeleted,
    ConfirmationMissing,
    IntakeError,
    QueueQuotaExceeded,
    QueueUnavailable,
    QuotaExceeded,
    StorageFull,
)

logger = logging.getLogger(__name__)

QUEUE_RETRY_SECONDS = 60
UNREACHABLE = (
    OperationalError,
    InterfaceError,
    redis.exceptions.ConnectionError,
    redis.exceptions.TimeoutError,
    kombu.exceptions.OperationalError,
)


Kinds = type[Exception] | tuple[type[Exception], ...]


class Conflict(APIException):
    """The request does not fit the state of its object."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "This cannot be done in the present state."
    default_code = "conflict"


class Unavailable(APIException):
    """The database or the broker cannot be reached. Nothing was changed."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = (
        "The database or the queue cannot be reached at the moment, so nothing was done. "
        "Try again in a minute."
    )
    default_code = "unavailable"


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The request is too large."
    default_code = "too_large"


class InsufficientStorage(APIException):
    """The disk, or what one user may keep, has no room for what was sent. Nothing was stored."""

    status_code = status.HTTP_507_INSUFFICIENT_STORAGE
    default_detail = "There is no room for this."
    default_code = "insufficient_storage"


def _wait_and_retry(error: Exception) -> Throttled:
    """429 with Retry-After."""
    answer = Throttled(wait=QUEUE_RETRY_SECONDS)
    answer.detail = ErrorDetail(str(error), answer.default_code)
    return answer


# The first that fits counts: RequestDataTooBig is a SuspiciousOperation too.
ANSWERS: list[tuple[Kinds, Callable[[Exception], APIException]]] = [
    (
        NotAuthenticated,
        lambda _: NotAuthenticated("Sign in, or send a token: “Authorization: Bearer TOKEN”."),
    ),
    (StorageFull, lambda error: InsufficientStorage(str(error))),
    (QueueUnavailable, lambda error: Unavailable(str(error))),
    (UNREACHABLE, lambda _: Unavailable()),
    ((CollectionDeleted, ConfirmationMissing), lambda error: Conflict(str(error))),
    (QueueQuotaExceeded, _wait_and_retry),
    (QuotaExceeded, lambda error: InsufficientStorage(str(error))),
    (IntakeError, lambda error: ValidationError({"detail": str(error)})),
    (RequestDataTooBig, lambda error: TooLarge(str(error))),
    (
        SuspiciousOperation,
        lambda error: ValidationError({"detail": f"The request cannot be read: {error}"}),
    ),
]


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """The response to `error`; None for an unexpected one, which Django answers with 500."""
    response = exception_handler(_known(error), context)
    if response is not None:
        response.data = _uniform(response.data)
    return response


def answer_before_views(error: Exception) -> JsonResponse:
    """The same, where a request is refused before a view is reached; else raises `error`."""
    response = handle(error, {})
    if response is None:
        raise error
    answer = JsonResponse(response.data, status=response.status_code)
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in response:
            answer[name] = response[name]
    return answer


def _known(error: Exception) -> Exception:
    """The same failure as an exception of the framework; an unexpected one as it is."""
    if isinstance(error, UNREACHABLE):
        logger.warning("Answered 503: %s: %s", type(error).__name__, error)
    for kinds, answer in ANSWERS:
        if isinstance(error, kinds):
            return answer(error)
    return error


def _uniform(data: Any) -> dict[str, Any]:
    """One of the two forms, out of the several that the framework has."""
    if isinstance(data, list):
        return {"detail": " ".join(_sentences(data))}
    general = data.pop("non_field_errors", None) or data.get("detail")
    if general:
        return {"detail": " ".join(_sentences(general))}
    return {_sendable(field): _sentences(messages) for field, messages in data.items()}


def _sentences(messages: Any) -> list[str]:
    """The messages as sentences with full stops; nested lists are flattened."""
    if isinstance(messages, dict):
        return [sentence for entry in messages.values() for sentence in _sentences(entry)]
    if isinstance(messages, list):
        return [sentence for entry in messages for sentence in _sentences(entry)]
    text = _sendable(str(messages))
    return [text if text.endswith((".", "?", "!", "}", ")")) else f"{text}."]


def _sendable(text: str) -> str:
    """The text with "?" for lone surrogates, which UTF-8 cannot encode."""
    return text.encode("utf-8", "replace").decode()


@csrf_exempt
def unknown_address(request: HttpRequest) -> HttpResponse:
    """The 404 response of an unknown address of the API."""
    return JsonResponse(
        {"detail": f"There is nothing at {request.path}. The addresses are at /api/v1/docs."},
        status=status.HTTP_404_NOT_FOUND,
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """The 500 response: the API's form below /api/, else a page."""
    if not request.path.startswith("/api/"):
        return defaults.server_error(request)
    sentence = "Something went wrong on the server. It has been logged."
    return JsonResponse({"detail": sentence}, status=status.HTTP_500_INTERNAL_SERVER_ERROR)
