"""Messages reach the broker in order and in few round trips."""

import base64
import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import redis
from celery import Celery, current_app
from django.conf import settings

from documents.ingestion import queue

IN_TURN = "celery\x06\x166"


@pytest.fixture
def broker(servers: None) -> Iterator["redis.Redis"]:
    """With nothing in its queues."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.delete(*queue.QUEUES)
        yield client
        client.delete(*queue.QUEUES)


def messages(broker: "redis.Redis", name: str) -> list[Any]:
    """Those in a queue, the next to be taken first."""
    return [json.loads(one) for one in reversed(broker.lrange(name, 0, -1))]


def argument(message: Any) -> UUID:
    (document,), _, _ = json.loads(base64.b64decode(message["body"]))
    return UUID(document)


def commands(broker: "redis.Redis", name: str) -> int:
    return int(broker.info("commandstats").get(f"cmdstat_{name}", {"calls": 0})["calls"])


def written_in(broker: "redis.Redis") -> int:
    """How often anybody's bytes were read: once for each round trip."""
    return int(broker.info("stats")["total_reads_processed"])


def test_all_that_is_sent_arrives_in_order_at_its_priority(broker: "redis.Redis") -> None:
    ids = [uuid4() for _ in range(1000)]
    urgent, later = uuid4(), uuid4()
    queue.enqueue_documents(ids)
    queue.enqueue_documents([urgent], first=True)
    queue.enqueue_documents([later], after=timedelta(hours=1))
    (head,) = messages(broker, "celery")
    *waiting, paused = messages(broker, IN_TURN)
    assert [argument(one) for one in waiting] == ids
    assert {one["properties"]["priority"] for one in waiting} == {6}
    assert {one["headers"]["task"] for one in waiting} == {"documents.tasks.ingest_document"}
    assert (argument(head), head["properties"]["priority"]) == (urgent, 0)
    assert argument(paused) == later and paused["headers"]["eta"]
    assert queue.queue_length() == 1002


def test_a_worker_of_celery_reads_what_was_sent(broker: "redis.Redis") -> None:
    ids = [str(uuid4()) for _ in range(3)]
    queue.enqueue_documents(map(UUID, ids))
    with current_app.connection_for_read() as connection:
        simple = connection.SimpleQueue("celery")
        taken = [simple.get(timeout=10) for _ in ids]
        assert [message.decode()[0][0] for message in taken] == ids
        for message in taken:
            message.ack()
        simple.close()


def test_a_thousand_documents_take_few_round_trips(broker: "redis.Redis") -> None:
    queue.enqueue_documents([uuid4()])  # what is done once: connecting, declaring the queue
    before, pushed = written_in(broker), commands(broker, "lpush")
    queue.enqueue_documents([uuid4() for _ in range(1000)])
    assert commands(broker, "lpush") - pushed == 1000
    assert written_in(broker) - before < 500


def test_a_broker_that_was_restarted_is_sent_to_as_before(broker: "redis.Redis") -> None:
    queue.enqueue_documents([uuid4()])
    for client in broker.client_list():
        if client["db"] == "0" and int(client["id"]) != broker.client_id():
            broker.client_kill_filter(_id=client["id"])
    queue.enqueue_documents([uuid4(), uuid4()])
    assert queue.queue_length() == 3


@pytest.fixture
def absent_broker() -> Iterator[None]:
    """The product's settings with a broker that refuses connections."""
    product = current_app._get_current_object()  # type: ignore[attr-defined]
    app = Celery("absent", broker="redis://127.0.0.1:9/0", set_as_current=False)
    app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    app.set_current()
    yield
    product.set_current()


@pytest.mark.timing
def test_an_upload_does_not_wait_for_a_broker_that_went_away_after_the_check(
    absent_broker: None, caplog: pytest.LogCaptureFixture
) -> None:
    started = time.monotonic()
    queue.enqueue_documents([uuid4(), uuid4()])
    assert time.monotonic() - started < 1.5  # one pause of 0.2 s; Celery alone takes 6 s
    assert "The broker is away; documents stay queued until it is back." in caplog.messages
