"""Whether work can be queued, and queueing it."""

import base64
import json
import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import redis
from celery import current_app
from django.conf import settings
from django.db import InterfaceError, connection
from django.db import OperationalError as DatabaseUnavailable
from kombu.exceptions import BatchPublishError, OperationalError  # type: ignore[attr-defined]

from documents.errors import QueueUnavailable

log = logging.getLogger(__name__)

# What a database that cannot be reached raises; other errors of a database say what is wrong.
DATABASE_UNAVAILABLE = (DatabaseUnavailable, InterfaceError)
TIMEOUT = 3.0
INGEST = "documents.tasks.ingest_document"
HIGHEST_PRIORITY, DEFAULT_PRIORITY = 0, settings.CELERY_TASK_DEFAULT_PRIORITY
# Celery's default queue at the priorities that its Redis transport keeps apart.
QUEUES = ("celery", *(f"celery\x06\x16{step}" for step in (3, 6, 9)))
# How many messages of each queue are looked at to see whose turn is next.
HEAD_MESSAGES = 16


def check_queue_reachable(*, broker: bool = True) -> None:
    """Raises QueueUnavailable when the database, or the broker where asked, does not answer."""
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DATABASE_UNAVAILABLE as error:
        raise QueueUnavailable("database_away") from error
    if broker:
        _check_broker()


def _check_broker() -> None:
    try:
        with _broker() as client:
            client.ping()
    except redis.RedisError as error:
        raise QueueUnavailable("broker_away") from error


def _broker() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=TIMEOUT, socket_timeout=TIMEOUT
    )


def enqueue_documents(
    ids: Iterable[UUID], *, first: bool = False, after: timedelta | None = None
) -> None:
    """Queue documents, at the head of the line where `first`, taken up not before `after`.

    Many of them share one round trip to the broker.
    A broker that went away since it was checked is no error: the rows say "queued", and the sweep
    sends them again.
    """
    options: dict[str, Any] = {
        "priority": HIGHEST_PRIORITY if first else DEFAULT_PRIORITY,
        "ignore_result": True,
    }
    if after:
        options["countdown"] = after.total_seconds()
    try:
        with current_app.producer_or_acquire() as producer, producer.batch():
            for pk in ids:
                current_app.send_task(INGEST, (str(pk),), producer=producer, retry=False, **options)
    except (OperationalError, BatchPublishError):
        log.warning("The broker is away; documents stay queued until it is back.")


def queue_length() -> int:
    """How many messages wait in the broker, those that workers hold not counted."""
    with _broker() as client:
        return sum(int(client.llen(name)) for name in QUEUES)


def next_in_line() -> list[UUID]:
    """The documents whose messages workers take next: a few of each priority.

    Several, as the message of one that is queued again may still stand where it first was.
    """
    with _broker() as client, client.pipeline(transaction=False) as pipeline:
        for name in QUEUES:
            pipeline.lrange(name, -HEAD_MESSAGES, -1)
        queues = pipeline.execute()
    found = [_document_of(message) for messages in queues for message in reversed(messages)]
    return [document for document in found if document]


def _document_of(message: bytes) -> UUID | None:
    """The document that a message is about, in the form that Celery gives its messages."""
    content = json.loads(message)
    if content["headers"]["task"] != INGEST:
        return None
    (document,), _, _ = json.loads(base64.b64decode(content["body"]))
    return UUID(document)
