"""Documents whose message is lost are sent again, and those that simply wait are not."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.utils import timezone

from documents.extraction import extractor
from documents.ingestion import concurrency, leases, queue
from documents.ingestion.recovery import LOST_AT_ONCE
from documents.models import Collection, Document

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
        document = Document.objects.create(
            collection=collection, external_id=key, title=key, **fields
        )
        Document.objects.filter(pk=document.pk).update(queued_at=timezone.now() - since)
        return document

    return wait


def test_the_lost_are_found_while_others_stand_in_line(wait: Wait) -> None:
    lost, late = wait("lost", HOUR), wait("late", timedelta(minutes=1))
    queue.enqueue_documents([late.pk])
    assert leases.recover_expired() == 1
    assert queue.next_in_line() == [late.pk, lost.pk]
    assert leases.recover_expired() == 0


def test_who_stands_in_line_for_long_is_not_sent_twice(wait: Wait) -> None:
    waiting = [wait(str(n), HOUR - timedelta(minutes=n)) for n in range(5)]
    queue.enqueue_documents([document.pk for document in waiting])
    assert leases.recover_expired() == 0
    assert queue.queue_length() == 5


def test_the_old_message_of_what_was_queued_again_makes_nobody_lost(wait: Wait) -> None:
    again, waiting = wait("again", HOUR), wait("waiting", HOUR)
    queue.enqueue_documents([again.pk, waiting.pk])
    Document.objects.filter(pk=again.pk).update(queued_at=timezone.now())
    assert leases.recover_expired() == 0


def test_messages_of_deleted_documents_make_nobody_lost(wait: Wait) -> None:
    gone, waiting = wait("gone", HOUR), wait("waiting", HOUR)
    queue.enqueue_documents([gone.pk])
    gone.delete()
    assert leases.recover_expired() == 0
    queue.enqueue_documents([waiting.pk])
    assert leases.recover_expired() == 0


def test_in_an_empty_line_so_many_are_sent_at_once(wait: Wait) -> None:
    for n in range(LOST_AT_ONCE + 5):
        wait(str(n), HOUR)
    assert [leases.recover_expired(), leases.recover_expired(), leases.recover_expired()] == [
        LOST_AT_ONCE,
        5,
        0,
    ]
    assert queue.queue_length() == LOST_AT_ONCE + 5


@pytest.mark.django_db(transaction=True)
def test_a_large_document_that_waits_in_a_worker_is_sent_again_once_the_worker_is_dead(
    wait: Wait, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.WORKER_CONCURRENCY = 2  # one of them for large documents
    busy, waiting = (wait(key, HOUR, size=extractor.LARGE_FILE + 1) for key in ("busy", "waiting"))
    queue.enqueue_documents([wait("line", 2 * HOUR).pk])  # a busy line, in which nobody is lost
    swept: list[int] = []

    def ingest(document_id: str, **_: Any) -> None:
        """While the first is at work, the other comes and waits, and then its worker dies."""
        if document_id == str(waiting.pk):
            return
        with leases.claimed(document_id):
            concurrency.run_when_slot_free(str(waiting.pk))
            swept.append(leases.recover_expired())
            leases.renew_leases()
            swept.append(leases.recover_expired())
            past = timezone.now() - timedelta(seconds=1)
            Document.objects.filter(pk=waiting.pk).update(lease_until=past)
            swept.extend([leases.recover_expired(), leases.recover_expired()])

    monkeypatch.setattr(concurrency, "ingest", ingest)
    concurrency.run_when_slot_free(str(busy.pk))
    assert swept == [0, 0, 1, 0]
    waiting.refresh_from_db()
    assert (waiting.state, waiting.lease_until) == ("queued", None)
    leases.renew_leases()  # the place is given up
    waiting.refresh_from_db()
    assert waiting.lease_until is None
