"""When snapshots are written, what they hold, and which are deleted."""

import gc
import os
import time

import pytest

from retrieval.lexical import snapshot_folder
from retrieval.live_index import change_log
from retrieval.live_index.index import (
    LiveIndex,
    delete_outdated_snapshots,
    live_index,
)
from tests.retrieval.live_index.conftest import Publish, hits

pytestmark = pytest.mark.django_db


def age(live: LiveIndex, seconds: float) -> None:
    """Make the newest snapshot so old."""
    then = time.time() - seconds
    os.utime(live.snapshots.all()[-1], (then, then))


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


def test_snapshots_of_earlier_versions_are_deleted_once_no_process_has_them_open(
    publish: Publish,
) -> None:
    publish("The moon.")
    current = live_index()
    assert current.compact()
    earlier = current.folder.with_name(f"{current.folder.name}-earlier")
    other_database = current.folder.with_name("another-1")
    for path in (earlier, other_database):
        LiveIndex(path)
    used = LiveIndex(earlier)
    assert delete_outdated_snapshots() == 0
    used.refresh()
    del used
    gc.collect()
    assert delete_outdated_snapshots() == 1
    assert not earlier.exists() and other_database.exists()
    assert hits(LiveIndex(current.folder).bm25, "moon") == 1
