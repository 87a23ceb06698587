import json
import time

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from search_project import health, loading


@pytest.fixture(autouse=True)
def nothing_told(monkeypatch, servers):
    monkeypatch.setattr(loading, "told", {})
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def all_well(transactional_db):
    cache.set(health.WORKER_SEEN, time.time())
    loading.tell("web", True, "A model is loaded.")


def ready():
    answer = Client().get("/readyz")
    return answer.status_code, json.loads(answer.content)


def test_alive_asks_nobody():
    answer = Client().get("/healthz")
    assert (answer.status_code, json.loads(answer.content)) == (200, {"status": "ok"})


def test_all_is_well(all_well):
    status, body = ready()
    assert (status, body["status"]) == (200, "ok")
    assert body["checks"].pop("worker")["state"].startswith("A worker was heard from ")
    assert body["checks"] == {
        "database": {"ok": True, "state": "The database answers."},
        "broker": {"ok": True, "state": "The broker answers."},
        "models": {"ok": True, "state": "A model is loaded."},
    }


def test_a_missing_model_leaves_a_degraded_service(all_well):
    loading.tell("worker", False, "The model cannot be had.")
    status, body = ready()
    assert (status, body["status"]) == (200, "degraded")
    assert body["checks"]["models"] == {"ok": False, "state": "The model cannot be had."}


@pytest.mark.parametrize(
    ("seconds", "state"),
    [
        (None, "No worker has been heard from."),
        (90, "No worker has been heard from for 90 seconds."),
    ],
)
def test_a_silent_worker_makes_it_unavailable(all_well, seconds, state):
    cache.delete(health.WORKER_SEEN)
    if seconds:
        cache.set(health.WORKER_SEEN, time.time() - seconds)
    status, body = ready()
    assert (status, body["status"]) == (503, "unavailable")
    assert body["checks"]["worker"]["state"] == state


@pytest.mark.timing
def test_without_broker_or_database_it_says_so_soon_and_tells_no_secret(all_well, settings):
    settings.REDIS_URL = "redis://:hidden@127.0.0.1:1/0"
    before = connection.settings_dict["PORT"]
    connection.settings_dict["PORT"] = 1
    started = time.monotonic()
    try:
        status, body = ready()
    finally:
        connection.settings_dict["PORT"] = before
    assert time.monotonic() - started < 5 * health.CHECK_SECONDS
    assert status == 503
    assert body["checks"]["database"]["state"] == "The database cannot be reached."
    assert body["checks"]["broker"]["state"] == "The broker cannot be reached."
    assert "hidden" not in json.dumps(body)


def test_a_check_that_hangs_is_given_up(all_well, monkeypatch):
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.2)
    monkeypatch.setattr(health, "broker", lambda: time.sleep(1))
    status, body = ready()
    assert status == 503
    assert body["checks"]["broker"] == {"ok": False, "state": "No answer within 0.2 seconds."}
