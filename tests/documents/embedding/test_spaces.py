"""The vector index is built once at a time, and nobody waits for the build."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import OperationalError, connection

from documents.embedding import spaces
from documents.models import Collection, PassageEmbedding
from tests.vectors import fill, space

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.volume]
VECTORS = 100
BUILDS = "SELECT count(*) FROM pg_stat_progress_create_index"


@pytest.fixture
def filled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough vectors to need an index."""
    monkeypatch.setattr(spaces, "INDEX_FROM", VECTORS)
    fill([(Collection.objects.create(name="Tests", slug="tests"), VECTORS)])


@contextmanager
def old_transaction() -> Iterator[None]:
    """Somebody, a backup say, reads the table and does not finish."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        other.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        other.execute("SELECT count(*) FROM documents_passageembedding")
        yield
        other.execute("ROLLBACK")


def one(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


def wait_for(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def vectors_read_within_three_seconds() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '3s'")
        try:
            return PassageEmbedding.objects.count()
        finally:
            cursor.execute("RESET statement_timeout")


def leave_an_invalid_index() -> None:
    """A build that is cut off while it waits for older transactions, as by a restart."""
    with connection.cursor() as cursor, pytest.raises(OperationalError):
        cursor.execute("SET statement_timeout = '1s'")
        spaces.ensure_hnsw_index(space())
    with connection.cursor() as cursor:
        cursor.execute("RESET statement_timeout")
    assert one("SELECT count(*) FROM pg_index WHERE NOT indisvalid") == 1


def test_while_a_build_waits_a_second_one_returns_and_searches_answer(filled: None) -> None:
    built: list[bool] = []

    def build() -> None:
        try:
            built.append(spaces.ensure_hnsw_index(space()))
        finally:
            connection.close()

    with old_transaction():
        building = threading.Thread(target=build)
        building.start()
        wait_for(lambda: one(BUILDS) == 1)
        started = time.monotonic()
        assert spaces.ensure_hnsw_index(space()) is False
        assert time.monotonic() - started < 5
        assert vectors_read_within_three_seconds() == VECTORS
        assert building.is_alive()
    building.join(60)
    assert built == [True]
    assert spaces.has_hnsw_index(space())
    assert spaces.ensure_hnsw_index(space()) is False


def test_what_an_interrupted_build_left_is_replaced(filled: None) -> None:
    with old_transaction():
        leave_an_invalid_index()
    assert spaces.ensure_hnsw_index(space()) is True
    assert spaces.has_hnsw_index(space())


def test_what_is_left_and_in_use_stays_until_later(
    filled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spaces, "LOCK_TIMEOUT", "500ms")
    with old_transaction():
        leave_an_invalid_index()
        assert spaces.ensure_hnsw_index(space()) is False
        assert vectors_read_within_three_seconds() == VECTORS
    assert spaces.ensure_hnsw_index(space()) is True


def test_no_build_starts_beside_one_that_was_begun_by_hand(filled: None) -> None:
    with old_transaction():
        by_hand = psycopg.connect(**connection.get_connection_params(), autocommit=True)
        building = threading.Thread(
            target=by_hand.execute,
            args=("CREATE INDEX CONCURRENTLY by_hand ON documents_passageembedding (space_id)",),
        )
        building.start()
        wait_for(lambda: one(BUILDS) == 1)
        assert spaces.ensure_hnsw_index(space()) is False
    building.join(60)
    by_hand.execute("DROP INDEX by_hand")
    by_hand.close()
