import json
import time
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client

from documents.ingestion import heartbeat
from documents.messages import Message
from retrieval.live_index.index import drop_live_index, live_index
from search_project import health, warmup
from tests.api import make_user


@pytest.fixture(autouse=True)
def nothing_told(monkeypatch, servers):
    monkeypatch.setattr(warmup, "states", {})
    caches["status"].clear()
    drop_live_index()
    yield
    drop_live_index()
    caches["status"].clear()


@pytest.fixture
def all_well(transactional_db):
    heartbeat.beat()
    warmup.report_state("web", True, Message("model_loaded", {"model": "a/b"}))


def ready():
    answer = Client().get("/readyz")
    return answer.status_code, json.loads(answer.content)


def test_alive_asks_nobody():
    answer = Client().get("/healthz")
    assert (answer.status_code, json.loads(answer.content)) == (200, {"status": "ok"})


def test_all_is_well(all_well):
    status, body = ready()
    assert (status, body["status"]) == (200, "ok")
    assert body["checks"].pop("worker")["state"].startswith("A worker reported ")
    assert body["checks"] == {
        "database": {"ok": True, "state": "The database answers."},
        "broker": {"ok": True, "state": "The broker answers."},
        "models": {"ok": True, "state": "a/b is loaded."},
        "cache": {"ok": True, "state": "The cache answers."},
        "index": {"ok": True, "state": "The word index is brought up to date by each search."},
    }


@pytest.mark.parametrize(
    "meta",
    [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}],
    ids=["from elsewhere", "through a proxy here"],
)
def test_strangers_learn_which_parts_work_and_no_name_of_a_model(all_well, meta):
    answer = Client(**meta).get("/readyz").json()
    assert set(answer["checks"]) == {"database", "broker", "worker", "models", "cache", "index"}
    assert all(check == {"ok": True} for check in answer["checks"].values())


def test_staff_that_may_see_the_status_page_read_the_sentences_from_anywhere(all_well):
    client = Client(REMOTE_ADDR="192.0.2.7")
    client.force_login(make_user("grace", staff=True))
    assert client.get("/readyz").json()["checks"]["models"]["state"] == "a/b is loaded."


def test_an_index_that_is_being_built_leaves_a_degraded_service(all_well):
    live_index().followed = True
    status, body = ready()
    assert (status, body["status"]) == (200, "degraded")
    assert body["checks"]["index"] == {
        "ok": False,
        "state": "The word index is built to 0 percent: searches find only a part.",
    }


def test_a_missing_model_leaves_a_degraded_service(all_well):
    warmup.report_state("worker", False, Message("model_not_fetched", {"model": "a/b"}))
    status, body = ready()
    assert (status, body["status"]) == (200, "degraded")
    state = "The model a/b cannot be fetched from the hub."
    assert body["checks"]["models"] == {"ok": False, "state": state}


def test_a_missing_cache_leaves_a_degraded_service_and_no_address_one_for_each_process(
    all_well, settings
):
    settings.CACHE_URL = "redis://:hidden@127.0.0.1:1/0"
    status, body = ready()
    assert (status, body["status"]) == (200, "degraded")
    assert body["checks"]["cache"] == {"ok": False, "state": "The cache cannot be reached."}
    settings.CACHE_URL = ""
    assert ready()[1]["status"] == "ok"


def test_what_processes_say_of_themselves_is_not_in_the_cache_that_evicts(all_well):
    caches["default"].clear()
    assert ready()[1]["status"] == "ok"


@pytest.mark.parametrize(
    ("seconds", "state"),
    [
        (None, "No worker has reported."),
        (45, "No worker has reported for 45 seconds."),
    ],
)
def test_a_silent_worker_makes_it_unavailable(all_well, seconds, state):
    heartbeat.forget_worker()
    if seconds:
        caches["status"].set(heartbeat.KEY, time.time() - seconds)
    status, body = ready()
    assert (status, body["status"]) == (503, "unavailable")
    assert body["checks"]["worker"]["state"] == state
    assert not heartbeat.worker_is_alive()


def test_a_sign_of_life_is_remembered_for_longer_than_silence_takes(all_well):
    assert heartbeat.worker_is_alive()
    status: Any = caches["status"]
    assert status._cache.get_client().ttl(status.make_key(heartbeat.KEY)) > 3600


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
