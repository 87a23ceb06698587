"""Uploads over the limit are refused before they are read in full, and what cannot be stored.

The web server asks with the headers of a long request, before it reads the body, and again when a
body whose length is not announced grows over what was allowed; a file that is over the limit within
a longer request (several files in one form) is refused once the form is read. After a refusal the
web server closes the connection, since what is left of the body is never read.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import DataError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException

from documents import storage
from documents.api.errors import UNREACHABLE, answer_before_views
from documents.auth.authentication import may_write
from documents.errors import StorageFull

MEGABYTE = 1024 * 1024
FORM_BYTES = MEGABYTE  # for the other fields and the boundaries of a form
UPLOAD_PATHS = ("/api/v1/documents", "/upload/", "/admin/documents/document/")
FILES_IN_A_FORM = 10  # files of full size in a form of a page; the API accepts one


class UploadAllowed(HttpResponse):
    """Tells the web server to read on, up to `most` bytes; no client ever sees it."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most


class UploadLimitMiddleware:
    """Answers 413 with the limit in its message.

    The web server sets `request.unread_length` where it asks with the headers alone, and
    `request.arriving_bytes` to what it has allowed others to send and is still to come.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        unread: int | None = getattr(request, "unread_length", None)
        length = _announced(request) if unread is None else unread
        try:
            longest = _longest_body(request) if length > FORM_BYTES else FORM_BYTES
        except (APIException, *UNREACHABLE) as error:
            return answer_before_views(error)
        if length > longest:
            return _refuse(request, 413, too_large())
        if length > FORM_BYTES:
            arriving: int = getattr(request, "arriving_bytes", 0)
            try:
                storage.check_free_space(length + arriving)
            except StorageFull as error:
                return _refuse(request, 507, error.message.text(_, "{:,}".format))
        if unread is not None:
            return UploadAllowed(longest)
        response = self.get_response(request)
        # The same response wherever the exception of the handler below was caught.
        if getattr(request, "upload_too_large", False):
            return _refuse(request, 413, too_large())
        return response


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Writes an upload to a temporary file; raises RequestDataTooBig once it is over the limit."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > settings.MAX_UPLOAD_MB * MEGABYTE:
            if self.request is not None:
                self.request.upload_too_large = True  # type: ignore[attr-defined]
            raise RequestDataTooBig(too_large())
        super().receive_data_chunk(raw_data, start)


class UnstorableTextMiddleware:
    """Answers 400 where a request brought a NUL into a query: PostgreSQL takes it in no text.

    Forms and the API's fields refuse it themselves; filters in addresses, as the admin's, do not.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DataError) and "NUL (0x00)" in str(exception):
            return bad_request(request, exception)
        return None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The response to a form that cannot be read: a page, or the API's form below /api/."""
    if isinstance(exception, TooManyFilesSent):
        return _refuse(request, 413, too_many())
    if isinstance(exception, RequestDataTooBig):
        return _refuse(request, 413, too_large())
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": "The request cannot be read."}, status=400)
    return render(request, "400.html", status=400)


def too_large() -> str:
    text = _("The upload is too large: a file may have at most %(mb)d MB.")
    return text % {"mb": settings.MAX_UPLOAD_MB}


def too_many() -> str:
    text = _(
        "These are too many files at once: a form takes at most %(n)d. Send them in several goes, "
        "or use the page “Upload” with JavaScript, which sends them one after the other."
    )
    return text % {"n": settings.DATA_UPLOAD_MAX_NUMBER_FILES}


def _announced(request: HttpRequest) -> int:
    """The Content-Length in bytes, 0 without one."""
    length = request.headers.get("Content-Length", "")
    return int(length) if length.isascii() and length.isdigit() else 0


def _longest_body(request: HttpRequest) -> int:
    """Only uploads may have long bodies: of signed-in users or, at the API, with a token that opens
    them, so that strangers cannot fill the disk. A form has to be read first for its CSRF token.

    Raises AuthenticationFailed and InsufficientScope, and what an absent database does."""
    api = request.path.startswith("/api/")
    known = (api and may_write(request)) or request.user.is_authenticated
    if not (known and request.path.startswith(UPLOAD_PATHS)):
        return FORM_BYTES
    files = 1 if api else FILES_IN_A_FORM
    return files * settings.MAX_UPLOAD_MB * MEGABYTE + FORM_BYTES


def _refuse(request: HttpRequest, status: int, message: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": message}, status=status)
    if not request.accepts("text/html"):  # the script of the upload page
        return JsonResponse({"error": message}, status=status)
    return render(request, "413.html", {"message": message}, status=status)
