"""A flood of sign-ins does not starve searches: the real server, eight loops of password tries."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import redis

from search_project.data_dir import BASE_DIR
from tests.live import LiveStack
from tests.login_flood import connected

pytestmark = pytest.mark.timing

SEARCHES = 100


@contextmanager
def flood(stack: LiveStack, origin: str) -> Iterator[dict[str, int]]:
    """How the tries of all loops were answered, once it is over."""
    answers: dict[str, int] = {}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.login_flood", stack.url, origin],
        cwd=BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        time.sleep(3)
        yield answers
    finally:
        said, _ = process.communicate(timeout=60)
        answers.update(json.loads(said))


def search_p95(stack: LiveStack) -> float:
    connection = connected(stack.url)
    seconds = []
    for number in range(SEARCHES):
        started = time.perf_counter()
        connection.request("GET", f"/api/v1/search?q=harbour+{number}&mode=hybrid")
        answer = connection.getresponse()
        assert answer.status == 200
        answer.read()
        seconds.append(time.perf_counter() - started)
    return sorted(seconds)[int(SEARCHES * 0.95)]


@pytest.fixture
def fresh_limits(live_stack: LiveStack) -> Iterator[None]:
    """The failures of a flood must not keep the other tests out."""
    with redis.Redis.from_url(live_stack.env["CACHE_URL"]) as client:
        client.flushdb()
        yield
        client.flushdb()


@pytest.mark.parametrize("origin", ["here", "everywhere"])
def test_searches_go_on_during_a_flood_of_sign_ins(
    live_stack: LiveStack, fresh_limits: None, origin: str
) -> None:
    search_p95(live_stack)
    quiet = search_p95(live_stack)
    with flood(live_stack, origin) as answers:
        flooded = search_p95(live_stack)
    print(f"search p95 {quiet:.3f} s, flooded {flooded:.3f} s, answers {answers}")
    assert answers["429"] > answers["200"] > 0
    assert flooded < 4 * quiet
