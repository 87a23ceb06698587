"""The cleanup tasks delete what is no longer needed, and nothing else."""

import io
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from documents import storage
from documents.ingestion import publisher
from documents.ingestion.pipeline import ingest
from documents.library import trash
from documents.library import uploads as library_uploads
from documents.models import ChangeLogEntry, Collection, Document
from documents.tasks import delete_leftovers
from retrieval.lexical.snapshot_folder import SnapshotFolder
from retrieval.live_index.index import LiveIndex


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "lexical"


def add(collection: Collection, text: str, key: str) -> Document:
    taken = library_uploads.add_text(collection, "Tides", text, external_id=key, enqueue=False)
    ingest(str(taken.document.pk))
    return Document.objects.get(pk=taken.document.pk)


def found(of: LiveIndex, term: str) -> int:
    return len(of.refresh().search([f"en:{term}"], 10).hits)


def long_ago() -> None:
    """Everything in the log happened before anybody remembers."""
    before = timezone.now() - publisher.DELETIONS_KEPT - timedelta(hours=1)
    ChangeLogEntry.objects.update(created_at=before)


def test_the_newest_change_of_each_document_is_enough_wherever_one_stands(
    collection: Collection, folder: Path
) -> None:
    early, moon = LiveIndex(folder / "early"), add(collection, "The moon pulls.", "moon")
    assert found(early, "moon") == 1
    add(collection, "The sun pulls.", "sun")
    add(collection, "The earth pulls.", "moon")
    gone = add(collection, "The wind blows.", "wind")
    trash.purge_documents([gone])
    assert ChangeLogEntry.objects.count() == 5

    publisher.compact_log()

    kinds = ChangeLogEntry.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["published", "published", "deleted"]
    for follower in (early, LiveIndex(folder / "new")):
        terms = ("moon", "sun", "earth", "wind")
        assert [found(follower, term) for term in terms] == [0, 1, 1, 0]
    assert Document.objects.get(pk=moon.pk).version == 2


def test_an_index_that_missed_a_truncated_deletion_is_rebuilt(
    collection: Collection, folder: Path
) -> None:
    gone, stays = add(collection, "The moon.", "moon"), add(collection, "The sun.", "sun")
    out_of_touch, snapshot = LiveIndex(folder / "a"), LiveIndex(folder / "b")
    assert snapshot.compact()
    assert found(out_of_touch, "moon") == 1
    another = add(collection, "The stars.", "stars")
    trash.purge_documents([gone, another])
    trash.purge_documents([stays])
    add(collection, "The sky.", "sky")
    long_ago()
    in_touch = LiveIndex(folder / "c")
    in_touch.refresh()
    before = in_touch.bm25

    publisher.compact_log()

    kinds = ChangeLogEntry.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["truncated", "published"]
    for follower in (out_of_touch, LiveIndex(folder / "b"), LiveIndex(folder / "new"), in_touch):
        terms = ("moon", "sun", "stars", "sky")
        assert [found(follower, term) for term in terms] == [0, 0, 0, 1]
    assert in_touch.bm25 is before
    assert not SnapshotFolder(folder / "b").all()


def test_deletions_of_late_are_told(collection: Collection, folder: Path) -> None:
    gone, follower = add(collection, "The moon.", "moon"), LiveIndex(folder)
    assert found(follower, "moon") == 1
    trash.purge_documents([gone])
    publisher.compact_log()
    before = follower.bm25
    assert found(follower, "moon") == 0
    assert follower.bm25 is before


def test_what_was_never_found_needs_no_line_when_it_goes(collection: Collection) -> None:
    failed = library_uploads.add_file(collection, io.BytesIO(b""), "a.txt", enqueue=False).document
    ingest(str(failed.pk))
    trash.purge_documents([failed])
    assert not ChangeLogEntry.objects.exists()


def test_what_killed_uploads_left_goes_after_a_day(collection: Collection, settings: Any) -> None:
    kept = add(collection, "Neap tides", "kept")
    unused = storage.original_path("ab" + "0" * 62)
    unused.parent.mkdir(parents=True, exist_ok=True)
    uploads = Path(settings.FILE_UPLOAD_TEMP_DIR)
    left = [settings.ORIGINALS_DIR / ".draft-old", uploads / "old.upload.pdf", unused]
    fresh = [settings.ORIGINALS_DIR / ".draft-new", uploads / "new.upload.pdf"]
    for path in (*left, *fresh):
        path.write_bytes(b"Neap")
    day_before = time.time() - storage.LEFT_SECONDS - 60
    for path in (*left, storage.original_path(kept.content_hash)):
        os.utime(path, (day_before, day_before))

    delete_leftovers()

    assert not [path for path in left if path.exists()]
    assert all(path.exists() for path in fresh)
    assert storage.original_path(kept.content_hash).exists()
    for path in fresh:
        path.unlink()
