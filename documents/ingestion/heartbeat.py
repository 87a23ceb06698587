"""Signs of life of the workers: each leaves the time, and all ask here how long ago that was."""

import time
from contextlib import suppress

from django.core.cache import caches
from redis.exceptions import RedisError

BEAT_SECONDS = 10
# Two signs may be missed. The rule for all: health, `ingest` and `reindex`.
SILENT_SECONDS = 30
# So long it can be said for how long no worker was heard from.
REMEMBERED_SECONDS = 24 * 3600
KEY = "worker_seen"


def beat() -> None:
    """A sign of life from the worker that calls it; none where the broker is away."""
    with suppress(RedisError):
        caches["status"].set(KEY, time.time(), REMEMBERED_SECONDS)


def beat_forever() -> None:
    while True:
        beat()
        time.sleep(BEAT_SECONDS)


def seconds_since_last_beat() -> float | None:
    """None where no worker was heard from. Raises RedisError where the broker is away."""
    seen = caches["status"].get(KEY)
    return None if seen is None else max(0.0, time.time() - float(seen))


def is_silent(seconds: float | None) -> bool:
    """Whether the workers must be taken for dead, so long after their last sign of life."""
    return seconds is None or seconds > SILENT_SECONDS


def worker_is_alive() -> bool:
    """Raises RedisError where the broker is away."""
    return not is_silent(seconds_since_last_beat())


def forget_worker() -> None:
    """No worker was heard from, as after a start."""
    caches["status"].delete(KEY)
