"""The application of `tests.web_process`: the product's addresses, and some that show how it is
run."""

import os
import tempfile
import threading
import time
from collections.abc import Iterator

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "search_project.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402
from django.http import FileResponse, HttpRequest, JsonResponse, StreamingHttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework.request import Request  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402

from documents.request_context import request_context  # noqa: E402
from search_project import urls  # noqa: E402
from search_project.web.application import WebApplication  # noqa: E402
from tests.web_process import LARGE_BYTES  # noqa: E402

_counting = threading.Lock()
_running, _most = 0, 0


def nap(request: HttpRequest) -> JsonResponse:
    """Sleeps for so many seconds; how many slept at once, at most, since the start."""
    global _running, _most  # noqa: PLW0603
    with _counting:
        _running += 1
        _most = max(_most, _running)
    time.sleep(float(request.GET["seconds"]))
    with _counting:
        _running -= 1
    return JsonResponse({"most": _most})


def whoami(request: HttpRequest) -> JsonResponse:
    time.sleep(0.05)  # so that others run meanwhile
    context = request_context()
    return JsonResponse({"id": context.request_id, "address": context.address})


class Echo(APIView):
    authentication_classes = ()
    permission_classes = ()

    def post(self, request: Request) -> Response:
        return Response({"letters": len(dict(request.data)["text"])})


def large(request: HttpRequest) -> FileResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the answer closes it)
    file.truncate(LARGE_BYTES)
    return FileResponse(file)


def numbers(request: HttpRequest) -> StreamingHttpResponse:
    def lines() -> Iterator[str]:
        for number in range(3):
            yield f"{number} {threading.current_thread().name.partition('_')[0]}\n"

    return StreamingHttpResponse(lines())


urlpatterns = [
    path("nap", nap),
    path("whoami", whoami),
    path("api/v1/echo", Echo.as_view()),
    path("large", large),
    path("numbers", numbers),
    *urls.urlpatterns,
]
handler500, handler400 = urls.handler500, urls.handler400
settings.ROOT_URLCONF = "tests.web_views"
application = WebApplication(startup=lambda: None)
