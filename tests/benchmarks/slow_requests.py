"""Answer times while 500 requests are half sent and 50 uploads stalled, and while pages are drawn.

`python -m tests.benchmarks.slow_requests` starts a whole installation of its own.
"""

import contextlib
import http.client
import json
import os
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.benchmarks._servers import own_servers
from tests.documents import files
from tests.slow_clients import (
    HALF_HEADER,
    answer_times,
    fetch,
    p95,
    slow_clients,
    stalled_upload,
    still_open,
)

if TYPE_CHECKING:
    from tests.live import LiveStack

HALF_SENT, STALLED = 500, 50
ROUNDS = 60
WORDS = ("tide", "harbour", "bread", "storm", "moon", "lantern", "ship", "flour", "light", "sand")


@dataclass(frozen=True)
class AnswerTimes:
    """95th percentiles, in seconds."""

    health: float
    search: float

    def __str__(self) -> str:
        return f"health {1000 * self.health:6.1f} ms   search {1000 * self.search:6.1f} ms"


def ask_api(stack: "LiveStack", token: str, method: str, path: str, body: Any = None) -> Any:
    connection = http.client.HTTPConnection(str(urlsplit(stack.url).netloc), timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request(method, f"/api/v1/{path}", json.dumps(body) if body else None, headers)
    return json.load(connection.getresponse())


def fill(stack: "LiveStack", token: str, documents: int = 30) -> None:
    """A public collection of small documents, indexed."""
    ask_api(
        stack, token, "POST", "collections",
        {"name": "Shore", "slug": "shore", "language": "en", "visibility": "public"},
    )  # fmt: skip
    for n in range(documents):
        text = " ".join(WORDS[(n * k) % len(WORDS)] for k in range(1, 120))
        document = {"title": f"Shore {n}", "text": f"{n}. {text}", "collection": "shore"}
        ask_api(stack, token, "POST", "documents", document)
    stack.wait_until_indexed(collection="shore")


def times(stack: "LiveStack", rounds: int) -> AnswerTimes:
    """The 95th percentiles of so many requests of each kind."""
    searches = [f"{stack.url}/api/v1/search?q={a}+{b}" for a in WORDS for b in WORDS]
    health = answer_times([f"{stack.url}/healthz"], rounds)
    return AnswerTimes(p95(health), p95(answer_times(searches, rounds)))


def times_beside_slow_clients(
    stack: "LiveStack", token: str, rounds: int
) -> tuple[AnswerTimes, int]:
    """The times, and how many of the slow clients the server still held at the end."""
    beginnings = [HALF_HEADER] * HALF_SENT + [stalled_upload(token)] * STALLED
    with slow_clients(stack.url, beginnings) as clients:
        time.sleep(1)  # until the server has read what they begin with
        return times(stack, rounds), still_open(clients)


@contextlib.contextmanager
def page_views(url: str, loops: int) -> Iterator[list[bytes]]:
    """So many clients that ask for one address again and again; their status lines so far."""
    done, said = threading.Event(), list[bytes]()

    def view() -> None:
        while not done.is_set():
            said.append(fetch(url, timeout=120).partition(b"\r\n")[0])
            time.sleep(0.05)

    threads = [threading.Thread(target=view, daemon=True) for _ in range(loops)]
    for thread in threads:
        thread.start()
    try:
        yield said
    finally:
        done.set()
        for thread in threads:
            thread.join()


def slow_page(stack: "LiveStack", token: str) -> str:
    """The address of a page's picture that takes longer to draw than it may."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "slow.pdf").write_bytes(files.slow_pdf())
        stack.manage("ingest", folder, "--collection", "shore", timeout=400)
    stack.wait_until_indexed(timeout=400, collection="shore")
    found = ask_api(stack, token, "GET", "documents?collection=shore&type=pdf")
    return f"{stack.url}/documents/{found['results'][0]['id']}/pages/1.webp"


def summary(numbers: Sequence[bytes]) -> str:
    kinds = sorted(set(numbers))
    return ", ".join(f"{numbers.count(kind)} x {kind.decode()[9:]}" for kind in kinds)


def main() -> None:
    with own_servers(), tempfile.TemporaryDirectory(prefix="lantern-bench-") as folder:
        from tests.live import running_stack

        os.environ["REQUEST_TIMEOUT_S"] = "60"  # so that the slow ones stay for all of it

        with running_stack(Path(folder)) as stack:
            token = stack.manage("token", stack.username).stdout.strip()
            fill(stack, token)
            times(stack, 20)
            print(f"quiet                     {times(stack, ROUNDS)}")
            beside, held = times_beside_slow_clients(stack, token, ROUNDS)
            print(f"{held} slow clients held     {beside}")
            print(f"quiet                     {times(stack, ROUNDS)}")
            url = slow_page(stack, token)
            with page_views(url, loops=16) as said:
                for label in ("a slow page is drawn  ", "it is known to be slow"):
                    print(f"16 viewers, {label} {times(stack, ROUNDS)}")
                    time.sleep(10)
            print(f"the viewers were told {summary(said)}")


if __name__ == "__main__":
    main()
