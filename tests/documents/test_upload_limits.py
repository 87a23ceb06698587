"""Uploads over the limit, and servers that are away."""

import contextlib
import http.client
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpResponse
from django.test import RequestFactory
from rest_framework.test import APIClient

from documents.auth import create_token
from documents.models import Document, TokenScope
from documents.upload_limits import MEGABYTE, UploadLimitMiddleware
from search_project.data_dir import free_port
from tests.api import caller, make_user
from tests.web_process import running_web_server

URL = "/api/v1/documents"


@pytest.fixture
def ada(db: None, settings: Any, tmp_path: Any) -> APIClient:
    settings.MAX_UPLOAD_MB = 1
    settings.ORIGINALS_DIR = tmp_path
    return caller(make_user("ada"))


def posted(path: str, user: Any = None, **options: Any) -> Any:
    request = RequestFactory().post(path, **options)
    request.user = user or User(username="ada")
    return request


@pytest.mark.parametrize(
    ("path", "kind"), [("/api/v1/documents", "application/json"), ("/upload/", "text/html")]
)
def test_a_length_over_the_limit_is_refused_unread(settings: Any, path: str, kind: str) -> None:
    settings.MAX_UPLOAD_MB = 7
    request = posted(path, CONTENT_LENGTH=str(72 * MEGABYTE))
    answer = UploadLimitMiddleware(lambda request: pytest.fail("It was let in."))(request)
    assert answer.status_code == 413
    assert answer["Content-Type"].startswith(kind)
    assert "at most 7 MB" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "user"), [("/upload/", AnonymousUser()), ("/account/login/", None)]
)
def test_only_uploads_of_people_who_signed_in_may_be_long(path: str, user: Any) -> None:
    request = posted(path, user, CONTENT_LENGTH=str(2 * MEGABYTE))
    answer = UploadLimitMiddleware(lambda request: pytest.fail("It was let in."))(request)
    assert answer.status_code == 413


def asked(**headers: str) -> Any:
    """What the web server is told of 2 MB for the API from whoever has no session."""
    request = posted(URL, AnonymousUser(), **headers)
    request.unread_length = 2 * MEGABYTE
    return UploadLimitMiddleware(lambda request: pytest.fail("It was let in."))(request)


@pytest.mark.django_db
def test_a_long_body_is_read_only_with_a_token_that_opens_uploads() -> None:
    ada = make_user("ada")
    writer, reader = (
        create_token(ada, scope=scope) for scope in (TokenScope.WRITE, TokenScope.READ)
    )
    assert asked().status_code == 413
    for header, status in (("Bearer x", 401), ("Token x", 401), (f"Bearer {reader}", 403)):
        answer = asked(HTTP_AUTHORIZATION=header)
        assert answer.status_code == status
        assert answer["WWW-Authenticate"].startswith("Bearer") and "detail" in json.loads(
            answer.content
        )
    assert asked(HTTP_AUTHORIZATION=f"Bearer {writer}").most > MEGABYTE
    User.objects.update(is_active=False)
    assert asked(HTTP_AUTHORIZATION=f"Bearer {writer}").status_code == 401


def test_what_others_are_still_sending_counts_as_taken(settings: Any) -> None:
    free = shutil.disk_usage(settings.ORIGINALS_DIR).free // MEGABYTE
    settings.DISK_RESERVE_MB = free // 2
    for arriving, status in ((0, 200), (free * 3 // 4 * MEGABYTE, 507)):
        request = posted(URL)
        request.unread_length, request.arriving_bytes = 2 * MEGABYTE, arriving
        answer = UploadLimitMiddleware(lambda request: pytest.fail("It was let in."))(request)
        assert answer.status_code == status


def test_the_web_server_is_told_how_far_it_may_read(settings: Any) -> None:
    settings.MAX_UPLOAD_MB = 7
    for length, most in ((2 * MEGABYTE, 8 * MEGABYTE), (9 * MEGABYTE, None)):
        request = posted(URL)
        request.unread_length = length
        answer = UploadLimitMiddleware(lambda request: pytest.fail("It was let in."))(request)
        assert getattr(answer, "most", None) == most


def test_a_file_of_just_the_limit_is_taken_and_one_more_byte_is_not(ada: APIClient) -> None:
    def send(size: int) -> Any:
        return ada.post(URL, {"file": SimpleUploadedFile("a.txt", b"a" * size)}, format="multipart")

    assert send(MEGABYTE).status_code == 202
    refused = send(MEGABYTE + 1)
    assert refused.status_code == 413
    assert "at most 1 MB" in refused.json()["detail"]
    assert Document.objects.count() == 1


def test_the_limit_holds_for_each_of_the_files_of_a_page(settings: Any) -> None:
    settings.MAX_UPLOAD_MB = 1
    small, large = b"a" * 700_000, b"a" * 1_100_000
    counted: Any = convert_exception_to_response(
        lambda r: HttpResponse(len(r.FILES.getlist("file")))
    )
    upload = UploadLimitMiddleware(counted)

    def send(*files: bytes) -> HttpResponse:
        form = {"file": [SimpleUploadedFile("a.txt", data) for data in files]}
        return upload(posted("/upload/", data=form))

    assert send(small, small, small).content == b"3"
    assert send(small, large, small).status_code == 413
    assert send(*[small] * 17).status_code == 413


def test_without_the_broker_nothing_is_stored(ada: APIClient, settings: Any, tmp_path: Any) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    answer = ada.post(URL, {"title": "A", "text": "b"}, format="json")
    assert answer.status_code == 503
    assert answer.json()["detail"].endswith("Try again in a minute.")
    assert not Document.objects.exists()
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def web_server() -> Iterator[int]:
    """The port of a real web server with a limit of 2 MB, whose database does not answer."""
    with running_web_server(MAX_UPLOAD_MB="2") as server:
        yield server.port


def test_the_web_server_answers_before_the_body_and_then_hangs_up(web_server: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", web_server, timeout=60)
    connection.putrequest("POST", URL)
    connection.putheader("Content-Length", str(200 * MEGABYTE))
    connection.endheaders()
    client = connection.sock
    answer = connection.getresponse()  # not one byte of the body has been sent
    assert answer.status == 413
    assert b"at most 2 MB" in answer.read()
    sent = 0
    with pytest.raises(OSError):
        while sent < 200:
            client.sendall(b"a" * MEGABYTE)
            sent += 1
            time.sleep(0.05)
    assert sent < 20


def test_curl_is_told_the_limit(web_server: int, tmp_path: Any) -> None:
    with (tmp_path / "large.bin").open("wb") as file:
        file.truncate(50 * MEGABYTE)
    command = [
        "curl",
        "-s",
        "-F",
        f"file=@{tmp_path}/large.bin",
        f"http://127.0.0.1:{web_server}{URL}",
    ]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "at most 2 MB" in told.stdout


NOBODY: dict[str, str] = {}
SOMEBODY = {"Authorization": "Bearer x"}


@pytest.mark.parametrize(
    ("headers", "megabytes", "status"),
    [(SOMEBODY, 1, 503), (SOMEBODY, 5, 503), (NOBODY, 5, 413)],  # 503: no database
)
def test_a_body_without_a_length_is_read_as_far_as_its_sender_may_go(
    web_server: int, headers: dict[str, str], megabytes: int, status: int
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", web_server, timeout=60)
    body = iter([b"a" * MEGABYTE] * megabytes)
    with contextlib.suppress(OSError):  # it has answered and hung up before the end
        connection.request("POST", URL, body, headers, encode_chunked=True)
    assert connection.getresponse().status == status


@pytest.mark.parametrize("address", ["documents", "collections", "search?q=sun"])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x"}])
def test_without_the_database_the_answer_is_a_sentence(
    web_server: int, address: str, headers: dict[str, str]
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", web_server, timeout=60)
    connection.request("GET", f"/api/v1/{address}", headers=headers)
    answer = connection.getresponse()
    assert answer.status == 503
    assert "cannot be reached" in json.load(answer)["detail"]


def test_an_upload_without_the_database_stores_nothing(web_server: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", web_server, timeout=60)
    body = json.dumps({"title": "A", "text": "b"})
    headers = {"Authorization": "Bearer x", "Content-Type": "application/json"}
    connection.request("POST", URL, body, headers)
    assert connection.getresponse().status == 503
