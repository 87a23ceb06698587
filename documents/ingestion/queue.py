"""The queue of ingestion: messages to Celery, and whether the broker can be reached."""

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

# The errors of a database that cannot be reached, as opposed to those of a statement.
DATABASE_UNAVAILABLE = (DatabaseUnavailable, InterfaceError)
TIMEOUT = 3.0
INGEST = "documents.tasks.ingest_document"
HIGHEST_PRIORITY, DEFAULT_PRIORITY = 0, settings.CELERY_TASK_DEFAULT_PRIORITY
# Celery's default queue at the priorities that its Redis transport keeps apart.
QUEUES = ("celery", *(f"celery\x06\x16{step}" for step in (3, 6, 9)))
# How many messages at the head of each queue `next_in_line` reads.
HEAD_MESSAGES = 16


def check_queue_reachable(*, broker: bool = True) -> None:
    """Raises QueueUnavailable if the database or, with `broker`, the broker does not answer."""
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
    """Send a message for each document: with the highest priority if `first`, delayed by `after`.

    Many messages share one round trip to the broker. If the broker went away since the check, that
    is no error: the rows say "queued", and `recover_expired` sends the messages later.
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
    """How many messages wait in the broker, without those that workers have taken."""
    with _broker() as client:
        return sum(int(client.llen(name)) for name in QUEUES)


def next_in_line() -> list[UUID]:
    """The documents whose messages workers take next: a few of each priority.

    More than one, as an old message of a document that was queued again may be the first.
    """
    with _broker() as client, client.pipeline(transaction=False) as pipeline:
        for name in QUEUES:
            pipeline.lrange(name, -HEAD_MESSAGES, -1)
        queues = pipeline.execute()
    found = [_document_of(message) for messages in queues for message in reversed(messages)]
    return [document for document in found if document]


def _document_of(message: bytes) -> UUID | None:
    """The document of a message in Celery's format; None for a message of another task."""
    content = json.loads(message)
    if content["headers"]["task"] != INGEST:
        return None
    (document,), _, _ = json.loads(base64.b64decode(content["body"]))
    return UUID(document)
