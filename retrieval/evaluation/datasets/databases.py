"""A separate database for each evaluated collection, on the same server.

An evaluation does not touch the live data: as in Django's test runner, the default connection of
this process points to the other database, originals go to another folder, and messages to a broker
that no worker reads.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from psycopg import sql

from retrieval.live_index import drop_live_index

LONGEST_NAME = 63
EXCLUSIVE = 0x6576616C


class DatabaseProblem(Exception):
    """An evaluation database cannot be created or used."""


@dataclass(frozen=True)
class EvaluationDatabase:
    """`about` describes its content; it is stored as the database's comment."""

    name: str
    about: Mapping[str, Any]
    size: str = ""


def name_for(dataset: str, fingerprint: str) -> str:
    """A name that includes the live database's, as installations may share a server."""
    return f"{_prefix(dataset)}{fingerprint[:12]}"


def _prefix(dataset: str) -> str:
    live = re.sub(r"\W", "_", str(connection.settings_dict["NAME"]))[:20]
    return f"{live}_eval_{dataset.replace('-', '_')[:24]}_"


@contextmanager
def switched_to(name: str, about: Mapping[str, Any]) -> Iterator[Path]:
    """Create the database if necessary, migrate it, and let all threads of this process use it.

    Yields a folder for its files. Until the block ends, the live system is not touched. Raises
    DatabaseProblem.
    """
    _create(name, about)
    folder = settings.VAR_DIR / "evaluation" / name
    folder.mkdir(parents=True, exist_ok=True)
    live = dict(connection.settings_dict)
    originals, broker = settings.ORIGINALS_DIR, current_app.conf.broker_url
    try:
        # Threads close what they opened, so that none stays with the wrong database.
        _point_to(name, max_age=0)
        settings.ORIGINALS_DIR = folder / "originals"
        current_app.conf.update(broker_url="memory://")
        call_command("migrate", verbosity=0, interactive=False)
        _only_one(name)
        yield folder
    finally:
        _point_to(live["NAME"], max_age=live["CONN_MAX_AGE"])
        settings.ORIGINALS_DIR = originals
        current_app.conf.update(broker_url=broker)
        drop_live_index()


def existing_databases(dataset: str) -> list[EvaluationDatabase]:
    """The databases of a dataset of this name, of any content."""
    pattern = _prefix(dataset).replace("_", r"\_") + "%"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datname, coalesce(shobj_description(oid, 'pg_database'), '{}'),"
            " pg_size_pretty(pg_database_size(oid)) FROM pg_database WHERE datname LIKE %s"
            " ORDER BY datname",
            [pattern],
        )
        return [
            EvaluationDatabase(name, json.loads(about), size)
            for name, about, size in cursor.fetchall()
        ]


def drop_database(name: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_quoted(name)))


def _create(name: str, about: Mapping[str, Any]) -> None:
    try:
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(_quoted(name)))
            comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
            cursor.execute(comment.format(_quoted(name), sql.Literal(json.dumps(dict(about)))))
    except DatabaseError as error:
        raise DatabaseProblem(
            f"The database {name} cannot be made beside the live one ({error}); "
            "let its user create databases."
        ) from error


def _quoted(name: str) -> sql.Identifier:
    return sql.Identifier(name[:LONGEST_NAME])


def _point_to(name: str, *, max_age: int | None) -> None:
    """New connections of every thread read these settings; this thread's is closed here."""
    connections["default"].close()
    for values in (connections["default"].settings_dict, settings.DATABASES["default"]):
        values["NAME"] = name
        values["CONN_MAX_AGE"] = max_age


def _only_one(name: str) -> None:
    """Held as long as this thread's connection lives."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [EXCLUSIVE])
        if not cursor.fetchone()[0]:
            raise DatabaseProblem(f"Another evaluation is using {name}; wait until it has ended.")
