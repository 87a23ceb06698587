"""Real worker processes: killed in the middle of work, and two at once."""

import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import settings

from documents.ingestion import leases
from search_project.data_dir import BASE_DIR
from tests.live import LiveStack

COUNTS = """
SELECT d.state, d.version, d.passages_total,
    (SELECT count(*) FROM documents_passage c WHERE c.document_id = d.id),
    (SELECT count(*) FROM documents_passageembedding v
     JOIN documents_passage c ON v.passage_id = c.id
        WHERE c.document_id = d.id),
    (SELECT count(*) FROM documents_changelogentry g WHERE g.document_id = d.id)
FROM documents_document d JOIN documents_collection k ON k.id = d.collection_id WHERE k.slug = %s
"""
HELD = "SELECT DISTINCT lease_id FROM documents_document WHERE lease_id IS NOT NULL"
# As if the worker had died half a minute ago.
RUN_OUT = "UPDATE documents_document SET lease_until = now() WHERE lease_id = ANY(%s) RETURNING id"


def write(folder: Path, count: int, sentences: int) -> None:
    for number in range(count):
        text = " ".join(
            f"Text {number} says in sentence {n} what tides do." for n in range(sentences)
        )
        (folder / f"{number}.txt").write_text(text)


def assert_indexed_once(stack: LiveStack, slug: str, count: int) -> None:
    rows = stack.query(COUNTS, slug)
    assert len(rows) == count
    for state, version, total, passages, vectors, changes in rows:
        assert (state, version, changes) == ("indexed", 1, 1)
        assert total == passages == vectors > 0


def started(stack: LiveStack, folder: Path, slug: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "manage.py", "ingest", str(folder), "--collection", slug, "--create"]
    return subprocess.Popen(command, cwd=BASE_DIR, env=stack.env)


def wait_for_work(stack: LiveStack, slug: str, state: str) -> None:
    deadline = time.monotonic() + 60
    while state not in [row[0] for row in stack.query(COUNTS, slug)]:
        assert time.monotonic() < deadline, f"Nothing became {state}."
        time.sleep(0.05)


@pytest.mark.timeout(240)
def test_two_workers_index_200_documents_once_each(live_stack: LiveStack, tmp_path: Path) -> None:
    write(tmp_path, 200, 3)
    command = [sys.executable, "-m", "celery", "-A", "search_project", "worker", "--pool=threads"]
    second = subprocess.Popen(
        [*command, "--concurrency=4", "-n", "second@%h"], cwd=BASE_DIR, env=live_stack.env
    )
    try:
        assert started(live_stack, tmp_path, "two").wait(200) == 0
    finally:
        second.terminate()
        second.wait(30)
    assert_indexed_once(live_stack, "two", 200)


def test_a_lease_and_the_next_sweep_are_over_within_a_minute() -> None:
    sweep: Any = settings.CELERY_BEAT_SCHEDULE["recover documents"]["schedule"]
    assert leases.LEASE.total_seconds() + sweep <= 60
    assert leases.LEASE.total_seconds() > 2 * leases.RENEW_SECONDS


@pytest.mark.timeout(240)
@pytest.mark.parametrize("state", ["extracting", "embedding"])
def test_what_a_killed_worker_held_is_indexed_once_within_a_minute(
    live_stack: LiveStack, tmp_path: Path, state: str
) -> None:
    write(tmp_path, 12, 300)
    command = started(live_stack, tmp_path, f"killed-{state}")
    wait_for_work(live_stack, f"killed-{state}", state)
    psutil.Process(live_stack.pid("worker")).kill()
    killed = time.monotonic()
    held = [lease for (lease,) in live_stack.query(HELD)]
    assert held
    live_stack.query(RUN_OUT, held)
    while live_stack.query("SELECT 1 FROM documents_document WHERE lease_id = ANY(%s)", held):
        assert time.monotonic() - killed < 60, "A dead worker's claim was not taken up."
        time.sleep(0.2)
    assert command.wait(150) == 0
    assert_indexed_once(live_stack, f"killed-{state}", 12)


@pytest.mark.timeout(240)
def test_a_worker_whose_connections_were_cut_opens_new_ones(
    live_stack: LiveStack, tmp_path: Path
) -> None:
    write(tmp_path, 30, 3)
    assert started(live_stack, tmp_path, "cut").wait(120) == 0
    live_stack.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle'"
    )
    (tmp_path / "late.txt").write_text("Spring tides are strong.")
    assert started(live_stack, tmp_path, "cut").wait(120) == 0
    assert_indexed_once(live_stack, "cut", 31)
    left_to_the_sweep = (
        "SELECT d.title FROM documents_document d JOIN documents_collection k"
        " ON k.id = d.collection_id WHERE k.slug = 'cut' AND d.queued_at > d.created_at + %s"
    )
    assert live_stack.query(left_to_the_sweep, timedelta(seconds=10)) == []
