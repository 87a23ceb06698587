"""Documents whose message is lost are sent again, and those that simply wait are not."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.utils import timezone

from documents import claims, extraction, queue, seats
from documents.models import Collection, Document
from documents.recovery import LOST_AT_ONCE

HOUR = timedelta(hours=1)
Wait = Callable[..., Document]


@pytest.fixture(autouse=True)
def broker(servers: None, settings: Any) -> Iterator["redis.Redis"]:
    """With nothing in its queues."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.delete(*queue.QUEUES)
        yield client
        client.delete(*queue.QUEUES)


@pytest.fixture
def wait(collection: Collection) -> Wait:
    """A document that waits for so long already."""

    def wait(key: str, since: timedelta, **fields: Any) -> Document:
        document = Document.objects.create(collection=collection, key=key, title=key, **fields)
        Document.objects.filter(pk=document.pk).update(queued_at=timezone.now() - since)
        return document

    return wait


def test_the_lost_are_found_while_others_stand_in_line(wait: Wait) -> None:
    lost, late = wait("lost", HOUR), wait("late", timedelta(minutes=1))
    queue.send([late.pk])
    assert claims.sweep() == 1
    assert queue.next_in_line() == [late.pk, lost.pk]
    assert claims.sweep() == 0


def test_who_stands_in_line_for_long_is_not_sent_twice(wait: Wait) -> None:
    waiting = [wait(str(n), HOUR - timedelta(minutes=n)) for n in range(5)]
    queue.send([document.pk for document in waiting])
    assert claims.sweep() == 0
    assert queue.length() == 5


def test_the_old_message_of_what_was_queued_again_makes_nobody_lost(wait: Wait) -> None:
    again, waiting = wait("again", HOUR), wait("waiting", HOUR)
    queue.send([again.pk, waiting.pk])
    Document.objects.filter(pk=again.pk).update(queued_at=timezone.now())
    assert claims.sweep() == 0


def test_messages_of_deleted_documents_make_nobody_lost(wait: Wait) -> None:
    gone, waiting = wait("gone", HOUR), wait("waiting", HOUR)
    queue.send([gone.pk])
    gone.delete()
    assert claims.sweep() == 0
    queue.send([waiting.pk])
    assert claims.sweep() == 0


def test_in_an_empty_line_so_many_are_sent_at_once(wait: Wait) -> None:
    for n in range(LOST_AT_ONCE + 5):
        wait(str(n), HOUR)
    assert [claims.sweep(), claims.sweep(), claims.sweep()] == [LOST_AT_ONCE, 5, 0]
    assert queue.length() == LOST_AT_ONCE + 5


@pytest.mark.django_db(transaction=True)
def test_a_large_document_that_waits_in_a_worker_is_sent_again_once_the_worker_is_dead(
    wait: Wait, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.WORKER_CONCURRENCY = 2  # one of them for large documents
    busy, waiting = (wait(key, HOUR, size=extraction.LARGE + 1) for key in ("busy", "waiting"))
    queue.send([wait("line", 2 * HOUR).pk])  # a busy line, in which nobody is lost
    swept: list[int] = []

    def ingest(document_id: str, **_: Any) -> None:
        """While the first is at work, the other comes and waits, and then its worker dies."""
        if document_id == str(waiting.pk):
            return
        with claims.claimed(document_id):
            seats.work_off(str(waiting.pk))
            swept.append(claims.sweep())
            claims.renew()
            swept.append(claims.sweep())
            past = timezone.now() - timedelta(seconds=1)
            Document.objects.filter(pk=waiting.pk).update(lease_until=past)
            swept.extend([claims.sweep(), claims.sweep()])

    monkeypatch.setattr(seats, "ingest", ingest)
    seats.work_off(str(busy.pk))
    assert swept == [0, 0, 1, 0]
    waiting.refresh_from_db()
    assert (waiting.state, waiting.lease_until) == ("queued", None)
    claims.renew()  # the place is given up
    waiting.refresh_from_db()
    assert waiting.lease_until is None
