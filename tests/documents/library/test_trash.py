"""The trash: hidden at once, restored as it was, purged in time; and children go with parents."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone

from documents.ingestion import documents_by_state, leases, recovery
from documents.ingestion.pipeline import ingest
from documents.library import collections as library_collections
from documents.library import reindex, trash, uploads
from documents.models import (
    AuditEvent,
    ChangeLogEntry,
    Collection,
    Document,
    Extraction,
    Passage,
    PassageEmbedding,
)
from documents.tasks import ingest_document, purge_trash

Add = Callable[..., Document]


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_user("ada")


def attach(parent: Document, data: bytes, name: str = "a.txt") -> Document:
    taken = uploads.add_child(parent, io.BytesIO(data), name, enqueue=False)
    return taken.document


def states() -> dict[str, bool]:
    """Whether each document is in the trash, by file name."""
    rows = Document.objects.values_list("filename", "deleted_at")
    return {name: at is not None for name, at in rows}


def told() -> list[tuple[str, str, str]]:
    rows = AuditEvent.objects.order_by("pk")
    return list(rows.values_list("action", "actor_name", "target_name"))


def made() -> list[int]:
    return [model.objects.count() for model in (Extraction, Passage, PassageEmbedding)]


def test_a_document_comes_back_from_the_trash_without_being_read_again(add: Add, ada: User) -> None:
    document, before = add(b"Neap tides", "a.txt"), made()
    assert trash.trash_documents([document], ada) == 1
    document.refresh_from_db()
    assert (document.deleted_by, document.state, document.version) == (ada, "indexed", 1)
    assert (made(), Document.objects.published().count()) == (before, 0)
    assert trash.restore_documents([document], ada) == 1
    document.refresh_from_db()
    assert (document.deleted_at, document.deleted_by, document.state) == (None, None, "indexed")
    assert (made(), Document.objects.published().count()) == (before, 1)
    kinds = ChangeLogEntry.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["published", "deleted", "published"]
    acts = [("document_deleted", "ada", "a.txt"), ("document_restored", "ada", "a.txt")]
    assert told() == acts


def test_twice_is_once(add: Add) -> None:
    document = add(b"Neap tides", "a.txt")
    assert [trash.trash_documents([document], None) for _ in range(2)] == [1, 0]
    assert [trash.restore_documents([document], None) for _ in range(2)] == [1, 0]
    assert len(told()) == 2


@pytest.mark.parametrize("state", ["queued", "extracting", "embedding"])
def test_nobody_works_on_what_is_in_the_trash(collection: Collection, state: str) -> None:
    document = uploads.add_text(collection, "Tides", "Neap tides", enqueue=False).document
    with leases.claimed(str(document.pk)) as claimed:
        Document.objects.update(state=state)
        trash.trash_documents([document], None)
        assert leases.write_owned(claimed, passages_done=[1]) == []
    document.refresh_from_db()
    assert document.state == "queued"
    long_ago = timezone.now() - timedelta(days=1)
    Document.objects.update(queued_at=long_ago)
    assert recovery.lost_documents(timezone.now()) == []
    ingest_document(str(document.pk))
    with leases.claimed(str(document.pk)) as none:
        assert none == []
    other = uploads.add_text(collection, "Waves", "Spring tides", enqueue=False).document
    with leases.claimed(str(other.pk), batch=True) as company:
        assert [one.pk for one in company] == [other.pk]
    assert documents_by_state()["queued"] == 0
    trash.restore_documents([document], None)
    ingest(str(document.pk))
    document.refresh_from_db()
    assert (document.state, document.version) == ("indexed", 1)


@pytest.mark.django_db(transaction=True)
def test_what_waited_in_the_trash_is_queued_when_it_is_restored(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = uploads.add_text(collection, "Tides", "Neap tides", enqueue=False).document
    sent: list[Any] = []
    monkeypatch.setattr(trash, "enqueue_documents", sent.extend)
    trash.trash_documents([document], None)
    trash.restore_documents([document], None)
    assert sent == [document.pk]


def test_the_same_bytes_sent_again_restore_the_document(add: Add, ada: User) -> None:
    document, before = add(b"Neap tides", "a.txt"), made()
    trash.trash_documents([document], None)
    again = uploads.add_file(document.collection, io.BytesIO(b"Neap tides"), "b.txt", user=ada)
    assert (again.document.pk, again.created, again.restored) == (document.pk, False, True)
    assert (again.document.deleted_at, again.document.state) == (None, "indexed")
    assert made() == before
    assert told()[-1] == ("document_restored", "ada", "a.txt")
    once_more = uploads.add_file(document.collection, io.BytesIO(b"Neap tides"), "b.txt")
    assert not once_more.restored


def test_a_document_that_failed_is_tried_again_when_its_bytes_come_again(add: Add) -> None:
    document = add(b" ", "a.txt")
    assert document.state == "failed"
    trash.trash_documents([document], None)
    again = uploads.add_file(document.collection, io.BytesIO(b" "), "a.txt", enqueue=False)
    assert (again.restored, again.document.state) == (True, "queued")


def test_the_trash_is_purged_when_its_time_is_over(add: Add, settings: Any) -> None:
    settings.TRASH_DAYS = 7
    old, late, live = (add(text, f"{text[:1].decode()}.txt") for text in (b"old", b"late", b"up"))
    for document, days in ((old, 7.1), (late, 6.9)):
        at = timezone.now() - timedelta(days=days)
        trash.trash_documents([document], None, at=at)
    purge_trash()
    assert set(Document.objects.all()) == {late, live}
    assert told()[-1] == ("document_purged", "", "o.txt")


@pytest.mark.django_db(transaction=True)
def test_reindexing_leaves_the_trash_alone_until_it_is_restored(add: Add) -> None:
    live, gone = add(b"Neap tides", "a.txt"), add(b"Spring tides", "b.txt")
    trash.trash_documents([gone], None)
    call_command("reindex")
    for document in (live, gone):
        document.refresh_from_db()
    assert (live.version, live.state) == (2, "indexed")
    assert (gone.version, gone.state) == (1, "queued")
    trash.restore_documents([gone], None, enqueue=False)
    ingest(str(gone.pk))
    gone.refresh_from_db()
    assert (gone.version, gone.state) == (2, "indexed")


def test_a_child_has_collection_and_uploader_of_its_parent_and_goes_with_it(
    collection: Collection, ada: User, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    mail = uploads.add_file(collection, io.BytesIO(b"Mail"), "m.txt", user=ada).document
    other = uploads.add_file(collection, io.BytesIO(b"Other"), "o.txt", user=ada).document
    child, inner = attach(mail, b"Neap tides"), None
    inner = attach(child, b"Inside", "i.txt")  # a part of a part has the same parent
    again = attach(other, b"Neap tides", "b.txt")  # two mails with the same attachment
    assert {child.parent, inner.parent, again.parent} == {mail, other}
    assert {child.collection, child.uploaded_by} == {collection, ada}
    assert attach(mail, b"Neap tides") == child
    target = Collection.objects.create(name="Target", slug="target")
    assert library_collections.move_documents([mail], target, ada) == 1
    assert set(target.documents.all()) == {mail, child, inner}
    trash.trash_documents([mail], ada)
    assert states() == {"m.txt": True, "a.txt": True, "i.txt": True, "o.txt": False, "b.txt": False}
    trash.restore_documents([mail], ada)
    assert not any(states().values())
    assert AuditEvent.objects.get(action="document_deleted").details["children"] == 2
    with django_capture_on_commit_callbacks(execute=True):
        assert trash.purge_documents([mail], ada) == 1
    assert set(states()) == {"o.txt", "b.txt"}
    kept = {path.name for path in settings.ORIGINALS_DIR.rglob("*") if path.is_file()}
    assert kept == {other.content_hash, again.content_hash}


def test_a_child_goes_nowhere_without_its_parent(collection: Collection) -> None:
    mail = uploads.add_file(collection, io.BytesIO(b"Mail"), "m.txt").document
    child = attach(mail, b"Neap tides")
    target = Collection.objects.create(name="Target", slug="target")
    assert library_collections.move_documents([child], target, None) == 0
    assert trash.trash_documents([child], None) == 0
    assert trash.purge_documents([child]) == 0
    trash.trash_documents([mail], None)
    assert trash.restore_documents([child], None) == 0
    assert states() == {"m.txt": True, "a.txt": True}


def test_a_child_that_fails_does_not_fail_its_parent(add: Add) -> None:
    mail = add(b"Mail", "m.txt")
    child = attach(mail, b" ")
    ingest(str(child.pk))
    mail.refresh_from_db()
    assert (mail.state, mail.children.get().state) == ("indexed", "failed")
    rows = Document.objects.with_failed_children()
    assert {one.filename: vars(one)["failed_children"] for one in rows} == {"m.txt": 1, "a.txt": 0}


def test_children_and_the_trash_count_for_whoever_uploaded_them(
    collection: Collection, ada: User
) -> None:
    mail = uploads.add_file(collection, io.BytesIO(b"Mail"), "m.txt", user=ada).document
    attach(mail, b"Neap tides")
    trash.trash_documents([mail], None)
    own = Document.objects.filter(uploaded_by=ada)
    assert own.aggregate(bytes=Sum("size"))["bytes"] == len(b"Mail") + len(b"Neap tides")


def test_other_sizes_of_passages_reach_what_is_in_the_trash(add: Add) -> None:
    document = add(b"Neap tides", "a.txt")
    trash.trash_documents([document], None)
    reindex.requeue([document.pk], enqueue=False)
    trash.restore_documents([document], None, enqueue=False)
    document.refresh_from_db()
    assert document.state == "queued"
