"""The addresses of database, broker and cache, validated and converted to Django's settings.

No message repeats an address, as it may contain a password.
"""

import re
from typing import Any

import dj_database_url
import psycopg
import redis
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import make_conninfo

from search_project import env

POSTGRES_FORM = "postgres://user:password@host:5432/database"
REDIS_FORM = "redis://user:password@host:6379/0 or rediss://... for TLS"
REDIS_PATTERN = re.compile(r"rediss?://[^/?#]+(/\d*)?(\?[^#]*)?")
CONNECT_SECONDS = 5
# Django's own option beside those of libpq.
ASSUME_ROLE = "assume_role"
# A search goes on without the cache: it must not wait long for one that hangs.
CACHE_SECONDS = 1.0
# A search leaves about a dozen, one of them of up to 8 kB: some 400 searches, 3 MB.
PROCESS_ENTRIES = 5000


def redis_url(name: str) -> str:
    """The value of the setting `name`, or an empty text."""
    url = env.text(name)
    if not url:
        return ""
    if not REDIS_PATTERN.fullmatch(url):
        raise _refused(name, REDIS_FORM)
    try:
        redis.ConnectionPool.from_url(url).make_connection()  # connects when it is first used
    except (ValueError, TypeError, redis.RedisError) as error:
        raise _refused(name, REDIS_FORM) from error
    return url


def database_settings(url: str) -> dict[str, Any]:
    """Django's settings of a database URL, whose query holds options of libpq."""
    try:
        parsed: dict[str, Any] = dict(
            dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
        )
    except ValueError as error:
        raise _refused("DATABASE_URL", POSTGRES_FORM) from error
    if parsed["ENGINE"] != "django.db.backends.postgresql" or not parsed["NAME"]:
        raise _refused("DATABASE_URL", POSTGRES_FORM)
    options = {"connect_timeout": CONNECT_SECONDS} | parsed.get("OPTIONS", {})
    try:
        make_conninfo(**{name: value for name, value in options.items() if name != ASSUME_ROLE})
    except psycopg.ProgrammingError as error:
        raise ImproperlyConfigured(
            f"DATABASE_URL has an option that PostgreSQL does not know: {str(error).strip()}."
        ) from error
    return parsed | {"OPTIONS": options}


def cache_settings(url: str) -> dict[str, Any]:
    """Django's settings of the caches; without an address, each process has its own."""
    if not url:
        return {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": PROCESS_ENTRIES},
        }
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": [url],  # Django splits a text at commas, which a password may hold
        "KEY_PREFIX": "lantern",
        "OPTIONS": {
            "serializer": "search_project.cache_serializer.JSONCacheSerializer",
            "socket_connect_timeout": CACHE_SECONDS,
            "socket_timeout": CACHE_SECONDS,
        },
    }


def _refused(name: str, form: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(
        f"{name} is not of the form {form}, in which the special characters of user and password"
        " are percent-encoded (%2F for /)."
    )
