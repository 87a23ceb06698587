"""Every error of the API as JSON: {"detail": sentence}, or {field: [sentences]} for a bad value."""

import logging
from typing import Any

import kombu.exceptions
import redis.exceptions
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import status
from rest_framework.exceptions import APIException, NotAuthenticated, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from documents.intake import IntakeError, QueueUnavailable

logger = logging.getLogger(__name__)

SERVERS_AWAY = (
    OperationalError,
    InterfaceError,
    QueueUnavailable,
    redis.exceptions.ConnectionError,
    redis.exceptions.TimeoutError,
    kombu.exceptions.OperationalError,
)


class Conflict(APIException):
    """What was asked does not fit the state that the thing is in."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "This cannot be done in the present state."
    default_code = "conflict"


class Unavailable(APIException):
    """A server that the installation needs cannot be reached. Nothing was changed."""

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


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to `error`, or None for one that nobody foresaw (which Django logs as a 500)."""
    response = exception_handler(_known(error), context)
    if response is not None:
        response.data = _uniform(response.data)
    return response


def _known(error: Exception) -> Exception:
    """The same failure in the API's terms."""
    if isinstance(error, NotAuthenticated):
        return NotAuthenticated("Sign in, or send a token: “Authorization: Bearer TOKEN”.")
    if isinstance(error, SERVERS_AWAY):
        logger.warning("Answered 503: %s: %s", type(error).__name__, error)
        return Unavailable()
    if isinstance(error, IntakeError):
        return ValidationError({"detail": str(error)})
    if isinstance(error, RequestDataTooBig):
        return TooLarge(str(error))
    if isinstance(error, SuspiciousOperation):
        return ValidationError({"detail": f"The request cannot be read: {error}"})
    return error


def _uniform(data: Any) -> dict[str, Any]:
    """One of the two forms, out of the several that the framework has."""
    if isinstance(data, list):
        return {"detail": " ".join(str(item) for item in data)}
    general = data.pop("non_field_errors", None)
    if general:
        return {"detail": " ".join(str(item) for item in general)}
    return {
        field: messages if field == "detail" else _sentences(messages)
        for field, messages in data.items()
    }


def _sentences(messages: Any) -> list[str]:
    """The messages of one field; those of the entries of a list are put behind one another."""
    if isinstance(messages, dict):
        return [sentence for entry in messages.values() for sentence in _sentences(entry)]
    return [str(message) for message in messages]


@csrf_exempt
def unknown_address(request: HttpRequest) -> HttpResponse:
    """What any address answers that is not the API's."""
    return JsonResponse(
        {"detail": f"There is nothing at {request.path}. The addresses are at /api/v1/docs."},
        status=status.HTTP_404_NOT_FOUND,
    )
