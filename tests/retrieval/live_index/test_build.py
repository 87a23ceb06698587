"""A long build of the index: with checkpoints, by one process, while searches say so."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from documents.ingestion import publisher
from documents.messages import Message
from documents.models import ChangeLogEntry
from retrieval import startup
from retrieval.analysis import analyze_text
from retrieval.lexical import snapshot_folder
from retrieval.live_index import change_log, index, passage_entries
from retrieval.live_index.index import (
    LiveIndex,
    current_index,
    index_state,
    live_index,
)
from retrieval.query.request import SearchRequest
from retrieval.ranking.pipeline import INCOMPLETE
from retrieval.search.service import search_documents
from tests.retrieval.live_index.conftest import Publish, followed, hits, wait_until

pytestmark = pytest.mark.django_db


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


def test_an_interrupted_build_continues_from_its_last_checkpoint(
    publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also past a truncated deletion, which an index that began after it does not need."""
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


def test_an_index_that_is_rebuilt_is_incomplete_until_the_build_ends(
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
