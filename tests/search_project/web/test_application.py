"""The web server as clients meet it: slow ones, many at once, and those that go away."""

import asyncio
import http.client
import io
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import psutil
import pytest

from search_project.data_dir import BASE_DIR
from search_project.web import SERVER_PID
from search_project.web import application as application_module
from search_project.web.application import WebApplication
from search_project.web.request_body import RequestBody
from tests.slow_clients import HALF_HEADER, fetch
from tests.web_process import LARGE_BYTES, WebProcess, running_web_server, wait_until_alive

pytestmark = pytest.mark.processes

THREADS = 3


def run_alone(work: Coroutine[Any, Any, Any]) -> Any:
    """In a thread of its own: browser tests leave a running loop in the main one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@pytest.fixture(scope="module")
def web_server() -> Iterator[WebProcess]:
    settings = {"WEB_THREADS": str(THREADS), "REQUEST_TIMEOUT_S": "2", "MAX_UPLOAD_MB": "2"}
    with running_web_server(**settings) as server:
        yield server


def body_of(answer: bytes) -> Any:
    return json.loads(answer.partition(b"\r\n\r\n")[2])


def at_once(count: int, call: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(call, range(count)))


def opened(server: WebProcess, beginning: bytes) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    client.sendall(beginning)
    return client


def test_as_many_requests_run_at_once_as_there_are_threads(web_server: WebProcess) -> None:
    found = at_once(3 * THREADS, lambda _: fetch(f"{web_server.url}/nap?seconds=0.2"))
    assert max(body_of(answer)["most"] for answer in found) == THREADS


def test_each_view_knows_its_own_request(web_server: WebProcess) -> None:
    def ask(number: int) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", web_server.port, timeout=60)
        connection.request("GET", "/whoami", headers={"X-Request-ID": f"request-{number}"})
        return json.load(connection.getresponse())

    expected = [{"id": f"request-{n}", "address": "127.0.0.1"} for n in range(12)]
    assert at_once(12, ask) == expected


def test_more_than_can_wait_are_refused_at_once(web_server: WebProcess) -> None:
    request = b"GET /nap?seconds=1 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(THREADS * 33):
            stack.enter_context(opened(web_server, request))
        time.sleep(0.5)  # until it has read them all
        refused = fetch(f"{web_server.url}/nap?seconds=0")
    assert b" 503 " in refused.partition(b"\r\n")[0]
    assert b"retry-after: 5" in refused.lower()
    started = time.monotonic()
    while b" 503 " in fetch(f"{web_server.url}/healthz"):
        assert time.monotonic() - started < 10
        time.sleep(0.1)
    assert time.monotonic() - started < 10  # whoever has gone is not served: it would take 33 s


@pytest.mark.parametrize(
    "beginning",
    [
        HALF_HEADER,
        b"",
        b"POST /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900000\r\n\r\na=",
    ],
    ids=["half a header", "nothing", "half a body"],
)
def test_who_stops_sending_holds_no_thread_and_is_let_go(
    web_server: WebProcess, beginning: bytes
) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(opened(web_server, beginning)) for _ in range(3 * THREADS)]
        started = time.monotonic()
        assert b" 200 " in fetch(f"{web_server.url}/healthz")
        assert time.monotonic() - started < 1
        said = clients[0].makefile("rb").read()
        assert not said or b" 408 " in said.partition(b"\r\n")[0]
        assert 1 < time.monotonic() - started < 10


def test_a_body_that_trickles_is_let_go_too(web_server: WebProcess) -> None:
    beginning = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900000\r\n\r\n"
    started = time.monotonic()
    with opened(web_server, beginning) as client:
        client.settimeout(0.2)  # more often than the longest pause
        while time.monotonic() - started < 20:
            client.sendall(b"a")
            try:
                said = client.recv(1000)
                break
            except TimeoutError:
                continue
    assert b" 408 " in said.partition(b"\r\n")[0]


def test_a_long_address_is_read(web_server: WebProcess) -> None:
    answer = fetch(f"{web_server.url}/whoami?q={'%E4%BD%A0' * 1800}")
    assert b" 200 " in answer.partition(b"\r\n")[0]


@pytest.mark.parametrize("length", ["announced", "unknown"])
def test_a_form_is_read_with_and_without_its_length(web_server: WebProcess, length: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", web_server.port, timeout=60)
    body: Any = json.dumps({"title": "A", "text": "b" * 100_000}).encode()
    if length == "unknown":
        body = iter([body])
    headers = {"Content-Type": "application/json"}
    connection.request("POST", "/api/v1/echo", body, headers, encode_chunked=length == "unknown")
    assert json.load(connection.getresponse()) == {"letters": 100_000}


def test_a_download_takes_neither_memory_nor_a_thread(web_server: WebProcess) -> None:
    request = b"GET /large HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    worker = web_server.workers()[0]
    before = worker.memory_info().rss
    with ExitStack() as stack:
        clients = [stack.enter_context(opened(web_server, request)) for _ in range(2 * THREADS)]
        for client in clients:
            assert client.recv(1000)  # and no more for the time being
        assert b" 200 " in fetch(f"{web_server.url}/healthz")
        assert worker.memory_info().rss - before < LARGE_BYTES / 5
        with clients[0].makefile("rb") as rest:
            size = sum(len(block) for block in iter(lambda: rest.read(1 << 20), b""))
        assert LARGE_BYTES - 1000 < size < LARGE_BYTES + 1000


def test_the_head_of_a_download_has_its_length_alone(web_server: WebProcess) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", web_server.port, timeout=60)
    connection.request("HEAD", "/large")
    answer = connection.getresponse()
    assert int(answer.headers["Content-Length"]) == LARGE_BYTES
    assert answer.read() == b""


def test_what_a_view_makes_bit_by_bit_is_made_in_its_thread(web_server: WebProcess) -> None:
    said = fetch(f"{web_server.url}/numbers").partition(b"\r\n\r\n")[2]
    assert said == b"0 web\n1 web\n2 web\n"


def test_a_process_that_dies_is_replaced_and_none_outlives_the_server() -> None:
    with running_web_server(WEB_CONCURRENCY="2") as server:
        first, second = server.workers()
        first.kill()
        deadline = time.monotonic() + 30
        while len([w for w in server.workers() if w.pid not in (first.pid,)]) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        wait_until_alive(server)
        others = server.workers()
        server.process.kill()
        _, alive = psutil.wait_procs([*others, second], timeout=10)
        assert not alive


def test_what_is_asked_before_the_end_is_answered() -> None:
    with running_web_server() as server:
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(fetch, f"{server.url}/nap?seconds=1")
            time.sleep(0.4)
            server.process.terminate()
            assert b" 200 " in answer.result()
        assert server.process.wait(10) == 0


def test_it_listens_on_an_address_of_the_newer_kind() -> None:
    with running_web_server(host="::1") as server:
        assert server.process.poll() is None


def test_a_process_that_cannot_load_ends_the_server_instead_of_serving_without() -> None:
    async def live() -> list[str]:
        said: list[str] = []

        async def receive() -> dict[str, str]:
            return {"type": "lifespan.startup"}

        async def send(message: Mapping[str, Any]) -> None:
            said.append(message["type"])

        application = WebApplication(startup=lambda: 1 / 0)  # type: ignore[arg-type]
        await application({"type": "lifespan"}, receive, send)
        return said

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SERVER_PID, str(os.getppid()))
        patch.setattr(application_module, "die_with_parent", lambda signal: None)
        assert run_alone(live()) == ["lifespan.startup.failed"]


def test_connections_leave_files_for_everything_else() -> None:
    script = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (256, 1024));"
        "from search_project.web.__main__ import connections; print(connections());"
        "print(*resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], cwd=BASE_DIR, capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["262", "1024", "1024"]


def test_a_body_that_is_allowed_counts_until_all_of_it_has_come() -> None:
    parts: list[dict[str, Any]] = [{"body": b"a" * 300, "more_body": True}, {"body": b"b" * 700}]

    async def receive() -> Mapping[str, Any]:
        return {"type": "http.request", **parts.pop(0)}

    async def arriving(headers: Mapping[bytes, bytes]) -> list[int]:
        body = RequestBody(receive, headers, io.BytesIO())
        found = [body.arriving]
        await body.read(200)
        body.allowed = 2000
        found.append(body.arriving)
        await body.read(2000)
        return [*found, body.arriving]

    assert run_alone(arriving({b"content-length": b"1000"})) == [0, 1000, 0]
    parts = [{"body": b"a" * 300, "more_body": True}, {"body": b"b" * 700}]
    assert run_alone(arriving({})) == [0, 1700, 0]
