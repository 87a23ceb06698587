"""Heartbeats of the workers: each writes the time, and others read how long ago that was."""

import time
from contextlib import suppress

from django.core.cache import caches
from redis.exceptions import RedisError

BEAT_SECONDS = 10
# Two beats may be missed. Health, `ingest` and `reindex` share this limit.
SILENT_SECONDS = 30
# How long the last beat is kept, for the message of the health page.
REMEMBERED_SECONDS = 24 * 3600
KEY = "worker_seen"


def beat() -> None:
    """Write the time; does nothing while the broker cannot be reached."""
    with suppress(RedisError):
        caches["status"].set(KEY, time.time(), REMEMBERED_SECONDS)


def beat_forever() -> None:
    while True:
        beat()
        time.sleep(BEAT_SECONDS)


def seconds_since_last_beat() -> float | None:
    """None without any beat. Raises RedisError while the broker cannot be reached."""
    seen = caches["status"].get(KEY)
    return None if seen is None else max(0.0, time.time() - float(seen))


def is_silent(seconds: float | None) -> bool:
    """Whether the workers count as dead so many seconds after the last beat."""
    return seconds is None or seconds > SILENT_SECONDS


def worker_is_alive() -> bool:
    """Raises RedisError while the broker cannot be reached."""
    return not is_silent(seconds_since_last_beat())


def forget_worker() -> None:
    """Delete the last beat, as at a start."""
    caches["status"].delete(KEY)
