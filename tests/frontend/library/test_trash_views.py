"""The trash: its page, undoing a deletion, restoring, deleting for good."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from documents.library import trash, uploads
from documents.models import AuditEvent, Collection, Document
from tests.frontend.conftest import Written, reader

AN_HOUR_AGO = "2026-01-01T00:00Z"


@pytest.fixture
def gone(ada: User, shared: Collection, written: Written) -> Document:
    return written("Tides", shared, "Moon.", uploaded_by=ada, deleted_at=AN_HOUR_AGO)


def listed(client: Client) -> list[str]:
    return [document.title for document in client.get("/documents/trash").context["page"]]


@pytest.mark.parametrize("path", ["", "state", "similar", "original", "pages/1.webp", "delete"])
def test_no_page_shows_what_is_in_the_trash(as_ada: Client, gone: Document, path: str) -> None:
    Document.objects.update(type="pdf")
    assert as_ada.get(f"/documents/{gone.pk}/{path}").status_code == 404
    assert as_ada.get("/documents/").context["page"].paginator.count == 0


def test_an_empty_trash_says_so(as_ada: Client, anyone: Client) -> None:
    assert b"/documents/trash" in as_ada.get("/documents/").content
    assert b"The trash is empty." in as_ada.get("/documents/trash").content
    assert anyone.get("/documents/trash").headers["Location"].startswith("/account/login/")


def test_it_lists_what_the_caller_may_restore(
    as_ada: Client, gone: Document, shared: Collection, written: Written
) -> None:
    bob = User.objects.create_user("bob")
    written("Waves", shared, "Sea.", uploaded_by=bob, deleted_at=AN_HOUR_AGO)
    assert listed(as_ada) == ["Tides"]
    assert b"Delete for good" not in as_ada.get("/documents/trash").content
    reader(shared, gone.uploaded_by, "editor")  # type: ignore[arg-type]
    assert sorted(listed(as_ada)) == ["Tides", "Waves"]
    assert b"Delete for good" in as_ada.get("/documents/trash").content


def test_it_shows_who_deleted_it_and_for_how_long_it_stays(
    as_ada: Client, ada: User, gone: Document
) -> None:
    Document.objects.update(deleted_by=ada)
    page = as_ada.get("/documents/trash").content.decode()
    assert "deleted by ada" in page and "30 days after" in page


@pytest.mark.django_db(transaction=True)
def test_what_is_ticked_is_restored_as_far_as_one_may(
    as_ada: Client, gone: Document, shared: Collection, written: Written
) -> None:
    bob = User.objects.create_user("bob")
    other = written("Waves", shared, "Sea.", uploaded_by=bob, deleted_at=AN_HOUR_AGO)
    ids = [str(gone.pk), str(other.pk), "x"]
    answer = as_ada.post("/documents/trash/bulk", {"id": ids, "action": "restore"}, follow=True)
    assert b"1 document was restored." in answer.content
    assert set(Document.objects.live()) == {gone}
    assert AuditEvent.objects.filter(action="document_restored").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_editor_deletes_for_good_after_a_question(
    confirmed: Client, ada: User, gone: Document, shared: Collection
) -> None:
    sent = {"id": [str(gone.pk)], "action": "purge"}
    refused = confirmed.post("/documents/trash/bulk", sent | {"confirmed": "yes"}, follow=True)
    assert b"Only editors may delete documents for good." in refused.content
    reader(shared, ada, "editor")
    asked = confirmed.post("/documents/trash/bulk", sent)
    assert b"Delete 1 document for good?" in asked.content and Document.objects.exists()
    done = confirmed.post("/documents/trash/bulk", sent | {"confirmed": "yes"}, follow=True)
    assert b"1 document was deleted for good." in done.content
    assert not Document.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_borrowed_browser_deletes_nothing_for_good(
    as_ada: Client, ada: User, gone: Document, shared: Collection
) -> None:
    reader(shared, ada, "editor")
    sent = {"id": [str(gone.pk)], "action": "purge", "confirmed": "yes"}
    asked = as_ada.post("/documents/trash/bulk", sent).headers["Location"]
    assert asked.startswith("/account/confirm/") and Document.objects.exists()
    answer = {"password": "lantern-night", "next": "/documents/trash/bulk"}
    done = as_ada.post(asked, answer, follow=True)
    assert b"1 document was deleted for good." in done.content
    assert not Document.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_only_what_is_in_the_trash_is_deleted_for_good_here(
    confirmed: Client, ada: User, shared: Collection, written: Written
) -> None:
    reader(shared, ada, "editor")
    live = written("Tides", shared, "Moon.")
    sent = {"id": [str(live.pk)], "action": "purge", "confirmed": "yes"}
    confirmed.post("/documents/trash/bulk", sent)
    assert Document.objects.filter(pk=live.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_undo_takes_back_the_last_deletion_alone(
    as_ada: Client, ada: User, shared: Collection, written: Written
) -> None:
    first, last = (written(title, shared, "Sea.", uploaded_by=ada) for title in ("A", "B"))
    for document in (first, last):
        page = as_ada.post(f"/documents/{document.pk}/delete", follow=True)
    assert page.content.count(b"/documents/trash/undo") == 1
    for _ in range(2):  # and not once more
        as_ada.post("/documents/trash/undo")
        assert set(Document.objects.live()) == {last}


@pytest.mark.django_db(transaction=True)
def test_undo_restores_nothing_that_the_caller_may_not_restore_any_more(
    as_ada: Client, ada: User, shared: Collection, written: Written
) -> None:
    document = written("Tides", shared, "Moon.", uploaded_by=ada)
    as_ada.post(f"/documents/{document.pk}/delete")
    Collection.objects.update(visibility="restricted")
    as_ada.post("/documents/trash/undo")
    assert not Document.objects.live().exists()


@pytest.mark.django_db(transaction=True)
def test_a_part_is_not_listed_and_comes_back_with_the_whole(
    as_ada: Client, ada: User, shared: Collection, written: Written
) -> None:
    mail = written("Mail", shared, "Text.", uploaded_by=ada)
    part = written("Attachment", shared, "Moon.", uploaded_by=ada, parent=mail, state="failed")
    page = as_ada.get(mail.get_absolute_url()).content.decode()
    assert "1 part of this document could not be read:" in page and "Attachment" in page
    shown = as_ada.get(part.get_absolute_url()).content.decode()
    assert "Part of" in shown and f"/documents/{part.pk}/delete" not in shown
    led = as_ada.get(f"/documents/{part.pk}/delete").headers["Location"]
    assert led == f"/documents/{mail.pk}/delete"
    for action in ("delete", "move"):
        sent = {"id": [str(part.pk)], "action": action, "target": "other"}
        Collection.objects.get_or_create(name="Other", slug="other")
        answer = as_ada.post("/documents/bulk", sent, follow=True)
        assert b"This document is a part of another" in answer.content
    as_ada.post(f"/documents/{mail.pk}/delete")
    assert listed(as_ada) == ["Mail"]
    assert as_ada.get(part.get_absolute_url()).status_code == 404
    as_ada.post("/documents/trash/bulk", {"id": [str(mail.pk)], "action": "restore"})
    assert set(Document.objects.live()) == {mail, part}


def test_a_file_sent_again_is_said_to_be_restored(
    as_ada: Client, ada: User, shared: Collection, settings: object, tmp_path: object
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.ORIGINALS_DIR = tmp_path  # type: ignore[attr-defined]
    document = uploads.add_text(shared, "a", "Neap tides", user=ada).document
    trash.trash_documents([document], ada)
    sent = {"collection": "shared", "files": SimpleUploadedFile("a.txt", b"Neap tides")}
    assert b"Restored" in as_ada.post("/upload/", sent).content
