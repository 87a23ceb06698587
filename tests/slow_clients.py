"""Clients that do not finish what they send, and how long others wait for answers meanwhile."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

HALF_HEADER = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-a: "
DRIP_SECONDS = 3.0


def stalled_upload(token: str) -> bytes:
    """The beginning of an upload of 50 MB."""
    return (
        "POST /api/v1/documents HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        "Content-Length: 50000000\r\n\r\n--b\r\n"
    ).encode()


@contextlib.contextmanager
def slow_clients(url: str, beginnings: Sequence[bytes]) -> Iterator[list[socket.socket]]:
    """A connection for each beginning, which sends one more byte every few seconds."""
    address = (urlsplit(url).hostname, urlsplit(url).port)
    done = threading.Event()
    with contextlib.ExitStack() as stack:
        clients = []
        for beginning in beginnings:
            client = stack.enter_context(socket.create_connection(address, timeout=20))
            client.sendall(beginning)
            clients.append(client)

        def drip() -> None:
            while not done.wait(DRIP_SECONDS):
                for client in clients:
                    with contextlib.suppress(OSError):
                        client.sendall(b"a")

        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        try:
            yield clients
        finally:
            done.set()
            dripping.join()


def still_open(clients: Sequence[socket.socket]) -> int:
    """How many of them the server has neither answered nor closed."""
    count = 0
    for client in clients:
        client.setblocking(False)
        try:
            client.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            count += 1
        except OSError:
            pass
        finally:
            client.settimeout(20)
    return count


def answer_times(urls: Sequence[str], rounds: int) -> list[float]:
    """Seconds for each of the requests, one after the other, each on a connection of its own."""
    taken = []
    for number in range(rounds):
        started = time.perf_counter()
        fetch(urls[number % len(urls)])
        taken.append(time.perf_counter() - started)
    return taken


def fetch(url: str, timeout: float = 60) -> bytes:
    """The whole answer to a GET, whatever its status."""
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    request = f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with socket.create_connection((parts.hostname, parts.port), timeout=timeout) as client:
        client.sendall(request.encode())
        with client.makefile("rb") as answer:
            return answer.read()


def p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[int(0.95 * (len(seconds) - 1))]
