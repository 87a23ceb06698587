"""Publishing takes few statements, and nobody holds its lock for longer than one step."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.ingestion import leases, publisher, queue
from documents.ingestion.pipeline import ingest
from documents.library import collections as library_collections
from documents.library import reindex, trash, uploads
from documents.models import (
    ChangeLogEntry,
    Collection,
    Document,
    Extraction,
    Passage,
    PassageEmbedding,
)

Add = Callable[..., Document]


def statements_to_publish_again(add: Add, count: int) -> int:
    """The SQL statements to publish second versions of so many documents."""
    documents = [add(b"Neap tide %d of %d" % (n, count), f"{count}-{n}.txt") for n in range(count)]
    reindex.reindex_documents(documents, enqueue=False)
    with leases.claimed(str(documents[0].pk), batch=True) as claimed:
        assert len(claimed) == count
        make_next_versions(claimed)
        with CaptureQueriesContext(connection) as captured:
            assert publisher.publish(claimed) == claimed
    return len(captured)


def make_next_versions(documents: list[Document]) -> None:
    for document in documents:
        Extraction.objects.create(document=document, version=2, text="Neap")
        Passage.objects.create(document=document, version=2, ordinal=0, text="Neap", start=0, end=4)


def test_second_versions_of_many_documents_take_no_more_statements_than_one(add: Add) -> None:
    assert statements_to_publish_again(add, 6) == statements_to_publish_again(add, 1)
    assert set(Document.objects.values_list("version", flat=True)) == {2}
    assert set(Passage.objects.values_list("version", flat=True)) == {2}
    assert set(Extraction.objects.values_list("version", flat=True)) == {2}
    assert Passage.objects.count() == Extraction.objects.count() == 7
    assert PassageEmbedding.objects.count() == 0  # the second versions here have none


def lock_is_held() -> bool:
    """Whether the lock of the change log is held."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND classid = %s AND objid = %s",
            [publisher.CHANGE_LOCK >> 32, publisher.CHANGE_LOCK & 0xFFFFFFFF],
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_the_broker_is_asked_before_the_lock_is_taken(
    collection: Collection, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = add(b"Neap tides", "a.txt")
    other = Collection.objects.create(name="Other", slug="other", chunk_tokens=50)
    held: list[bool] = []

    def check(**options: Any) -> None:
        held.append(lock_is_held())
        asked(**options)

    asked = queue.check_queue_reachable
    for module in (uploads, library_collections):
        monkeypatch.setattr(module, "check_queue_reachable", check)
    uploads.update_document(document, title="The sea")
    library_collections.move_documents([document], other, None)
    other.language, other.chunk_tokens = "de", 60
    library_collections.save_collection(other, None)
    document.refresh_from_db()
    assert (document.title, document.collection, document.state) == ("The sea", other, "queued")
    assert len(held) >= 3
    assert not any(held)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["by the function", "on its page"])
def test_while_a_collection_is_deleted_others_publish_between(
    collection: Collection, admin_client: Client, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    for n in range(3):
        document = uploads.add_text(collection, "Tides", f"Neap {n}", enqueue=False).document
        ingest(str(document.pk))
    between: list[tuple[bool, int]] = []

    def purge(ids: list[Any], *options: Any) -> int:
        between.append((lock_is_held(), len(ids)))
        return step(ids, *options)

    step = trash._purge
    monkeypatch.setattr(trash, "_purge", purge)
    monkeypatch.setattr(trash, "DELETED_AT_ONCE", 2)
    if how == "on its page":
        admin_client.post(reverse("account_reauthenticate"), {"password": "password"})
        address = reverse("collection_delete", args=[collection.slug])
        assert admin_client.post(address, {"name": "Tests"}).status_code == 302
    else:
        library_collections.delete_collection(collection, None, confirmed_name="Tests")
    assert between == [(False, 2), (False, 1)]
    assert not Collection.objects.filter(slug="tests").exists()
    assert not Document.objects.exists()
    assert ChangeLogEntry.objects.filter(kind="deleted").count() == 3
