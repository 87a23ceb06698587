"""How an index is built, written, shared by processes and kept fresh."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction

from documents.ingestion import publisher
from documents.messages import Message
from documents.models import ChangeLogEntry, Collection, Document, Passage
from retrieval import startup
from retrieval.analysis import analyze_text
from retrieval.lexical import snapshot_folder
from retrieval.live_index import change_log, index, passage_entries
from retrieval.live_index.index import (
    LiveIndex,
    current_index,
    identified_index,
    index_state,
    live_index,
)
from retrieval.models import IndexIdentity
from retrieval.query.request import SearchRequest
from retrieval.ranking.pipeline import INCOMPLETE
from retrieval.search.service import search_documents
from search_project.data_dir import BASE_DIR, installation
from search_project.servers import postgres

pytestmark = pytest.mark.django_db

Publish = Callable[..., Document]


@pytest.fixture
def publish(collection: Collection) -> Publish:
    """`publish("text", ...)`: a document of so many passages, or its next version; no vectors."""

    def add(*texts: str, document: Document | None = None) -> Document:
        key = str(Document.objects.count())
        document = document or Document.objects.create(
            collection=collection, external_id=key, title=f"No {key}", type="txt"
        )
        with transaction.atomic():
            publisher.lock_changes()
            document.version += 1
            document.state = Document.State.INDEXED
            document.save()
            Passage.objects.bulk_create(
                Passage(document=document, version=document.version, ordinal=n, text=text,
                      start=0, end=len(text))
                for n, text in enumerate(texts)
            )  # fmt: skip
            publisher.log_changes(ChangeLogEntry.Kind.PUBLISHED, [document.pk])
        return document

    return add


@contextmanager
def followed() -> Iterator[LiveIndex]:
    follower = startup.follow_index()
    try:
        yield live_index()
    finally:
        follower.stop()


def hits(of: Any, term: str) -> int:
    return len(of.search([f"en:{term}"], 100).hits)


def wait_until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def age(live: LiveIndex, seconds: float) -> None:
    """Make the newest snapshot so old."""
    then = time.time() - seconds
    os.utime(live.snapshots.all()[-1], (then, then))


# Building


def test_a_log_longer_than_a_batch_is_read_to_its_end(
    publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_log, "CHANGES_AT_ONCE", 2)
    documents = [publish("The moon.") for _ in range(5)]
    publisher.delete_published([documents[0].pk])

    read = change_log.changes_after(0)
    live = LiveIndex(live_index().folder)

    assert [document for _, document in read] == [documents[0].pk, documents[1].pk]
    assert hits(live.refresh(), "moon") == 5 - 1
    assert live.bm25.position == change_log.newest_change()


def test_a_long_build_writes_what_it_has_and_goes_on_from_there(
    publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also past a forgotten deletion, which says nothing to an index that was begun after it."""
    monkeypatch.setattr(change_log, "CHANGES_AT_ONCE", 2)
    monkeypatch.setattr(snapshot_folder, "CHECKPOINT_PASSAGES", 4)
    for _ in range(4):
        publish("The moon.")
    gone = publish("The moon.")
    publisher.delete_published([gone.pk])
    ChangeLogEntry.objects.filter(kind=ChangeLogEntry.Kind.DELETED).update(
        kind=ChangeLogEntry.Kind.TRUNCATED
    )
    publish("The sun.")
    folder = live_index().folder
    interrupted = LiveIndex(folder)
    monkeypatch.setattr(index, "_apply", ends_at_the_third_call(index._apply))
    with pytest.raises(Killed):
        interrupted.refresh()
    monkeypatch.undo()

    resumed = LiveIndex(folder)
    snapshot = resumed.bm25

    assert hits(snapshot, "moon") == 4
    assert snapshot.position == ChangeLogEntry.objects.earliest("pk").pk + 3
    assert (hits(resumed.refresh(), "moon"), hits(resumed.bm25, "sun")) == (4, 1)
    assert resumed.bm25 is snapshot


class Killed(BaseException):
    pass


def ends_at_the_third_call(function: Callable[..., None]) -> Callable[..., None]:
    calls = []

    def call(*args: Any) -> None:
        calls.append(args)
        if len(calls) == 3:
            raise Killed
        function(*args)

    return call


@pytest.mark.django_db(transaction=True)
def test_searches_say_so_while_another_process_builds_and_take_up_its_snapshot(
    publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_log, "CHANGES_AT_ONCE", 2)
    monkeypatch.setattr(startup, "CATCH_UP_SECONDS", 0.1)
    for _ in range(3):
        publish("The moon.")
    builder = LiveIndex(live_index().folder)
    building = ExitStack()
    assert building.enter_context(builder.snapshots.writing())
    with followed() as live, building:  # the lock goes first: a follower that waits does not stop
        page = search_documents(AnonymousUser(), SearchRequest("moon", mode="lexical"))
        assert (page.total, page.warnings) == (0, [INCOMPLETE])
        assert index_state() == (False, Message("index_building", {"percent": 0}))
        assert not live.compact()  # waits for nobody
        builder._build_alone()
        wait_until(live.caught_up.is_set, "It does not take up the snapshot.")
        page = search_documents(AnonymousUser(), SearchRequest("moon", mode="lexical"))
        assert (page.total, page.warnings) == (3, [])
        assert index_state() == (True, Message("index_fresh"))
        assert live.bm25.snapshot_position == builder.bm25.position


def test_an_index_that_starts_anew_is_not_complete_before_all_is_there_again(
    publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("The moon.")
    backed_up = change_log.newest_change()
    lost = publish("The sun.")
    live = LiveIndex(live_index().folder)
    assert hits(live.refresh(), "sun") == 1 and live.caught_up.is_set()
    ChangeLogEntry.objects.filter(pk__gt=backed_up).delete()
    lost.delete()
    apply, complete = index._apply, []

    def watched(*args: Any) -> None:
        complete.append(live.caught_up.is_set())
        apply(*args)

    monkeypatch.setattr(index, "_apply", watched)

    assert (hits(live.refresh(), "moon"), hits(live.bm25, "sun")) == (1, 0)
    assert complete == [False] and live.caught_up.is_set()


def test_a_document_that_cannot_be_analysed_is_left_out_and_holds_up_no_other(
    publish: Publish, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    poison, other = publish("The moon."), publish("The moon.")
    assert hits(current_index(), "moon") == 2
    publish("The poison and the moon.", document=poison)
    publish("The sun.", document=other)
    analyse = analyze_text

    def choke(text: str, language: str) -> Any:
        if "poison" in text:
            raise ValueError("No such text.")
        return analyse(text, language)

    monkeypatch.setattr(passage_entries, "analyze_text", choke)

    assert (hits(current_index(), "moon"), hits(current_index(), "sun")) == (0, 1)
    assert f"Document {poison.pk} is left out of the lexical index." in caplog.messages


# Writing


@pytest.mark.parametrize(
    ("unsaved", "total", "age", "due"),
    [
        (0, 100, 599, False),
        (4_999, 5_000, 599, False),  # half a second of analysis
        (5_000, 5_000, 0, True),
        (49_999, 1_000_000, 0, False),
        (50_000, 1_000_000, 0, True),  # 5 %
        (1, 100, 600, True),
        (1, 1_000_000, 5_999, False),
        (1, 1_000_000, 6_000, True),  # ten times ten minutes
    ],
)
def test_when_a_snapshot_is_due(unsaved: int, total: int, age: float, due: bool) -> None:
    assert snapshot_folder.compaction_due(unsaved, total, age) is due


def test_few_changes_are_written_once_in_a_while_and_many_at_once(
    publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot_folder, "LEAST_PASSAGES", 6)
    live = live_index()
    written = []
    for _ in range(11):  # the first as there is none, then with each sixth passage
        publish("The moon.")
        written.append(live.compact())
    assert [n for n, was in enumerate(written) if was] == [0, 6]

    publish("The sun.")
    assert not live.compact()
    age(live, 601)
    assert live.compact()
    age(live, 601)
    assert not live.compact()  # nothing new


def test_a_start_analyses_only_what_the_snapshot_lacks(publish: Publish) -> None:
    publish("The moon.", "Another moon.")
    assert live_index().compact()
    publish("A third moon.")
    assert not live_index().compact()

    restarted = LiveIndex(live_index().folder)

    assert hits(restarted.bm25, "moon") == 2
    assert hits(restarted.refresh(), "moon") == 3
    assert restarted.bm25.size_in_segment == 1


def test_a_newer_snapshot_hides_nothing_that_came_after_it(publish: Publish) -> None:
    publish("The moon.")
    ahead, behind = LiveIndex(live_index().folder), LiveIndex(live_index().folder)
    behind.refresh()
    publish("A second moon.")
    assert hits(ahead.refresh(), "moon") == 2
    behind.snapshots.write(behind.bm25)

    ahead._take_newer_snapshot()

    assert ahead.bm25.snapshot_position == behind.bm25.position
    assert hits(ahead.bm25, "moon") == 2


def test_what_a_killed_writer_left_goes_with_the_next_snapshot(publish: Publish) -> None:
    publish("The moon.")
    live = live_index()
    left = live.folder / ".00000000000000000001.abcd"
    left.mkdir()
    (left / "meta.json").write_text("{")
    assert live.compact()
    assert not left.exists()


def test_a_full_disk_does_not_keep_searches_from_what_is_new(
    publish: Publish, caplog: pytest.LogCaptureFixture
) -> None:
    publish("The moon.")
    live = live_index()
    in_the_way = live.folder / f"{change_log.newest_change():020d}"
    in_the_way.mkdir()  # an OSError as any other
    age(live, 601)
    assert not live.compact()
    assert "A snapshot of the lexical index cannot be written." in caplog.messages
    assert hits(live.bm25, "moon") == 1


# Following


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
    found = len(index.search(["en:moon"], 1000, index.mask({"type": ["txt"]})).hits)
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
