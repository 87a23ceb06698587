"""The follower keeps the index fresh, beside searches and other processes."""

import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from retrieval.analysis import analyze_text
from retrieval.live_index import passage_entries
from retrieval.live_index.index import (
    current_index,
    identified_index,
    live_index,
)
from retrieval.models import IndexIdentity
from search_project.data_dir import BASE_DIR, installation
from search_project.servers import postgres
from tests.retrieval.live_index.conftest import Publish, followed, hits, wait_until

pytestmark = [pytest.mark.django_db, pytest.mark.processes]


def test_a_database_that_took_the_place_of_another_is_noticed_by_those_that_stay(
    publish: Publish,
) -> None:
    publish("The moon.")
    known = live_index()
    IndexIdentity.objects.all().delete()

    assert live_index() is known  # not asked for each search
    assert identified_index().folder != known.folder
    assert live_index() is identified_index()


@pytest.mark.django_db(transaction=True)
def test_a_search_beside_a_follower_asks_the_database_nothing_for_the_index(
    publish: Publish, django_assert_num_queries: Any
) -> None:
    publish("The moon.")
    with followed() as live:
        wait_until(live.caught_up.is_set, "It does not follow.")
        with django_assert_num_queries(0):
            assert hits(current_index(), "moon") == hits(live_index().bm25, "moon") == 1
        publish("A second moon.")
        wait_until(lambda: hits(current_index(), "moon") == 2, "It does not follow.")


@pytest.mark.django_db(transaction=True)
def test_the_follower_outlives_any_error(
    publish: Publish, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Here a lack of memory, which is not the document's fault: it is found later."""
    monkeypatch.setattr("retrieval.live_index.follower.RETRY_SECONDS", 0.1)
    exhausted = threading.Event()
    exhausted.set()
    analyse = analyze_text

    def analyse_if_possible(text: str, language: str) -> Any:
        if exhausted.is_set():
            raise MemoryError
        return analyse(text, language)

    monkeypatch.setattr(passage_entries, "analyze_text", analyse_if_possible)
    publish("The moon.")
    with caplog.at_level(logging.ERROR), followed() as live:
        message = "The lexical index cannot follow the change log."
        wait_until(lambda: message in caplog.messages, "It does not log the error.")
        assert not live.caught_up.is_set()
        exhausted.clear()
        wait_until(lambda: hits(live.bm25, "moon") == 1, "The follower has ended.")


COMPACTOR = """
from retrieval.lexical import snapshot_folder
from retrieval.live_index.index import identified_index
snapshot_folder.LEAST_PASSAGES, snapshot_folder.SHARE = 1, 0
print("ready", flush=True)
written = 0
while not stop.exists():
    written += identified_index().compact()
print(written)
"""
SEARCHER = """
from retrieval.live_index.index import current_index
from retrieval.live_index.follower import IndexFollower
from retrieval.live_index.index import live_index
live_index().followed = True
IndexFollower().start()
live_index().caught_up.wait()
print("ready", flush=True)
seen, snapshots = 0, set()
while not stop.exists():
    index = current_index()
    before = index.generation
    found = len(index.search(["en:moon"], 1000, index.mask({"type": ["txt"]})).hits)
    if index.generation == before:  # else the mask may lack what was replaced meanwhile
        assert found >= seen, (found, seen)
        seen = found
    snapshots.add(index.snapshot_position)
print(seen, len(snapshots))
"""


def process(script: str, stop: Path) -> "subprocess.Popen[str]":
    url = postgres.database_url(installation()).rpartition("/")[0]
    env = os.environ | {"DATABASE_URL": f"{url}/{connection.settings_dict['NAME']}"}
    prologue = f"import pathlib, django; django.setup(); stop = pathlib.Path({str(stop)!r})\n"
    return subprocess.Popen(
        [sys.executable, "-c", prologue + script],
        cwd=BASE_DIR, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_one_process_compacts_while_another_searches_and_misses_nothing(
    publish: Publish, tmp_path: Path
) -> None:
    documents = [publish("The moon.")]
    live_index()  # gives the database its identity
    stop = tmp_path / "stop"
    processes = [process(COMPACTOR, stop), process(SEARCHER, stop)]
    try:
        for each in processes:
            assert each.stdout and each.stdout.readline() == "ready\n", each.stderr
        for n in range(60):
            documents.append(publish("The moon."))
            publish("The moon again.", document=documents[n // 2])
        time.sleep(2)  # more than FOLLOW_SECONDS
    finally:
        stop.touch()
    (written, errors), (found, problems) = (each.communicate(timeout=60) for each in processes)
    assert [each.returncode for each in processes] == [0, 0], (errors, problems)
    seen, snapshots = map(int, found.split())
    assert seen == 1 + 60
    assert int(written) > 2 and snapshots > 2, "They hardly met."
