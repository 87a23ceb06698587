"""The way in: one document for the same bytes, nothing half stored, changes that are logged."""

import io
import threading
from typing import Any

import pytest
from django.db import DataError, connection, transaction

from documents import storage
from documents.errors import CollectionDeleted
from documents.ingestion import queue
from documents.ingestion.pipeline import ingest
from documents.library import collections as library_collections
from documents.library import trash, uploads
from documents.library.samples import FOLDER, add_samples
from documents.models import (
    ChangeLogEntry,
    Collection,
    Document,
    Extraction,
    Passage,
    PassageEmbedding,
)
from search_project.data_dir import free_port


def take(
    collection: Collection, data: bytes, name: str = "a.txt", **options: Any
) -> uploads.UploadResult:
    options.setdefault("enqueue", False)
    return uploads.add_file(collection, io.BytesIO(data), name, **options)


def kept(settings: Any) -> list[str]:
    return [path.name for path in settings.ORIGINALS_DIR.rglob("*") if path.is_file()]


def test_the_same_bytes_are_one_document_in_a_collection(collection: Collection) -> None:
    first = take(collection, b"Neap tides")
    again = take(collection, b"Neap tides", "other.txt")
    elsewhere = take(Collection.objects.default(), b"Neap tides")
    assert (first.created, again.created, elsewhere.created) == (True, False, True)
    assert again.document.pk == first.document.pk


def test_a_failed_duplicate_is_queued_again(collection: Collection) -> None:
    document = take(collection, b"").document
    ingest(str(document.pk))
    document.refresh_from_db()
    assert document.state == "failed"
    assert take(collection, b"").document.state == "queued"


def test_other_bytes_under_a_kept_key_replace_the_old(
    collection: Collection, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    ingest(str(take(collection, b"Neap tides", external_id="page").document.pk))
    with django_capture_on_commit_callbacks(execute=True):
        again = take(collection, b"Spring tides", external_id="page")
    assert (again.created, again.document.state, again.document.version) == (False, "queued", 1)
    assert Passage.objects.get().text == "Neap tides"  # until the new version is ready
    ingest(str(again.document.pk))
    assert (Passage.objects.get().text, Extraction.objects.count()) == ("Spring tides", 1)
    assert kept(settings) == [again.document.content_hash]


def test_delete_leaves_nothing_but_a_line_in_the_log(
    collection: Collection, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    document = take(collection, b"Neap tides").document
    ingest(str(document.pk))
    with django_capture_on_commit_callbacks(execute=True):
        assert trash.purge_documents(Document.objects.all()) == 1
    models = (Document, Extraction, Passage, PassageEmbedding)
    assert [model.objects.count() for model in models] == [0, 0, 0, 0]
    assert list(ChangeLogEntry.objects.order_by("pk").values_list("kind", "document_id")) == [
        ("published", document.pk),
        ("deleted", document.pk),
    ]
    assert kept(settings) == []


def test_an_original_stays_while_another_document_needs_it(
    collection: Collection, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    document = take(collection, b"Neap tides").document
    take(Collection.objects.default(), b"Neap tides")
    with django_capture_on_commit_callbacks(execute=True):
        trash.purge_documents([document])
    assert kept(settings) == [document.content_hash]


@pytest.mark.django_db(transaction=True)
def test_a_file_that_cannot_be_deleted_does_not_keep_its_document(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(_: str) -> None:
        raise PermissionError("Read-only file system")

    monkeypatch.setattr(storage, "delete_unused_original", read_only)
    assert trash.purge_documents([take(collection, b"Neap tides").document]) == 1
    assert not Document.objects.exists()


def test_a_new_title_is_indexed_and_an_empty_one_refused(collection: Collection) -> None:
    document = take(collection, b"Neap tides").document
    ingest(str(document.pk))
    document.refresh_from_db()
    assert uploads.update_document(document, metadata={"author": "Ada"}).state == "indexed"
    assert ChangeLogEntry.objects.filter(kind="published").count() == 1
    uploads.update_document(
        document, metadata={"year": 1843}
    )  # which is all that the index knows of it
    assert ChangeLogEntry.objects.filter(kind="published").count() == 2
    assert uploads.update_document(document, title="The sea").state == "queued"
    with pytest.raises(uploads.IntakeError, match="title"):
        uploads.update_document(document, title=" \n ")


def test_what_is_moved_is_cut_as_its_new_collection_says(collection: Collection) -> None:
    document = take(collection, b"Neap tides").document
    ingest(str(document.pk))
    same = Collection.objects.create(name="Same", slug="same")
    other = Collection.objects.create(name="Other", slug="other", chunk_tokens=50)
    changes = ChangeLogEntry.objects.filter(document_id=document.pk, kind="published")
    for target, state, published in (
        (same, "indexed", 2),
        (same, "indexed", 2),
        (other, "queued", 3),
    ):
        library_collections.move_documents([document], target, None)
        document.refresh_from_db()
        assert (document.collection, document.state) == (target, state)
        assert changes.count() == published


@pytest.mark.django_db(transaction=True)
def test_what_is_uploaded_into_the_target_meanwhile_stays_and_is_not_moved(
    collection: Collection,
) -> None:
    document = take(collection, b"Neap tides").document
    target = Collection.objects.create(name="Target", slug="target")
    moved: list[int] = []

    def move() -> None:
        try:
            moved.append(library_collections.move_documents([document], target, None))
        finally:
            connection.close()

    with transaction.atomic():
        own = take(target, b"Neap tides").document
        moving = threading.Thread(target=move)
        moving.start()
        moving.join(1)  # it waits for this upload to be over, whose row it cannot see
        assert moving.is_alive()
    moving.join(60)
    assert moved == [0]
    document.refresh_from_db()
    assert document.collection == collection
    assert list(target.documents.all()) == [own]


def test_without_a_broker_nothing_is_stored(collection: Collection, settings: Any) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    with pytest.raises(uploads.QueueUnavailable, match="nothing was stored"):
        take(collection, b"Neap tides", enqueue=True)
    assert not Document.objects.exists()
    assert not settings.ORIGINALS_DIR.exists()


def test_without_a_database_nothing_is_stored(
    collection: Collection, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError, connection

    def away(*_: Any) -> None:
        raise OperationalError("connection refused")

    with monkeypatch.context() as patch, pytest.raises(uploads.QueueUnavailable, match="database"):
        patch.setattr(connection, "ensure_connection", away)
        take(collection, b"Neap tides")
    assert not settings.ORIGINALS_DIR.exists()


@pytest.mark.django_db(transaction=True)
def test_a_collection_that_is_deleted_during_an_upload_is_named_as_the_reason(
    collection: Collection, settings: Any
) -> None:
    class Slow(io.BytesIO):
        """Arrives while somebody deletes the collection."""

        def read(self, size: int | None = -1) -> bytes:
            Collection.objects.filter(pk=collection.pk).delete()
            return super().read(size)

    with pytest.raises(CollectionDeleted, match="deleted meanwhile, so nothing was stored"):
        uploads.add_file(collection, Slow(b"Neap tides"), "a.txt", enqueue=False)
    assert not Document.objects.exists()
    assert kept(settings) == []


def test_what_the_database_refuses_is_no_reason_to_try_again(
    collection: Collection, settings: Any
) -> None:
    with pytest.raises(DataError):
        take(collection, b"Neap tides", content_type="x" * 151)  # one more than the column holds
    assert kept(settings) == []


def test_a_broker_that_goes_away_late_leaves_the_document_queued(
    collection: Collection, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from search_project import celery_app

    document = take(collection, b"Neap tides").document
    monkeypatch.setattr(celery_app.conf, "broker_url", f"redis://127.0.0.1:{free_port()}/0")
    at_once = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, "max_retries": 1, "interval_start": 0.1}
    monkeypatch.setattr(celery_app.conf, "broker_transport_options", at_once)
    monkeypatch.setattr(celery_app, "_pool", None)
    monkeypatch.setattr(celery_app.amqp, "_producer_pool", None)
    queue.enqueue_documents([document.pk])
    document.refresh_from_db()
    assert document.state == "queued"


def test_samples_are_added_once(
    db: None, originals_dir: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks():
        assert add_samples() == len(list(FOLDER.iterdir())) == 12
        assert add_samples() == 0
    collection = Collection.objects.get(slug="samples")
    assert (collection.visibility, collection.documents.count()) == ("public", 12)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.txt", "a.txt"),
        ("a\nb\0c\x1b.txt", "a b c .txt"),
        ("...", "unnamed"),
        ("\ud800.txt", "?.txt"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert storage.safe_name(name) == safe
