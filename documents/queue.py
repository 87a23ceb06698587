"""Whether work can be queued, and queueing it."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import redis
from celery import current_app
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from kombu.exceptions import OperationalError

from documents.errors import QueueUnavailable

log = logging.getLogger(__name__)

TIMEOUT = 3.0
INGEST = "documents.tasks.ingest_document"
HEAD, IN_TURN = 0, settings.CELERY_TASK_DEFAULT_PRIORITY
# Celery's default queue at the priorities that its Redis transport keeps apart.
QUEUES = ("celery", *(f"celery\x06\x16{step}" for step in (3, 6, 9)))


def check(*, broker: bool = True) -> None:
    """Raises QueueUnavailable when the database, or the broker where asked, does not answer."""
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError) as error:
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


def send(ids: Iterable[UUID], *, first: bool = False, after: timedelta | None = None) -> None:
    """Queue documents, at the head of the line where `first`, taken up not before `after`.

    A broker that went away since it was checked is no error: the rows say "queued", and the sweep
    sends them again.
    """
    options: dict[str, Any] = {"priority": HEAD if first else IN_TURN, "ignore_result": True}
    if after:
        options["countdown"] = after.total_seconds()
    try:
        for pk in ids:
            current_app.send_task(INGEST, (str(pk),), retry=False, **options)
    except OperationalError:
        log.warning("The broker is away; documents stay queued until it is back.")


def length() -> int:
    """How many messages wait in the broker, those that workers hold not counted."""
    with _broker() as client:
        return sum(int(client.llen(name)) for name in QUEUES)
