"""The library: the list, live states, and bulk actions."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from documents.models import AuditEvent, ChangeLogEntry, Collection, Document
from tests.frontend.conftest import Written, reader


def titles(answer: Any) -> list[str]:
    return [document.title for document in answer.context["page"]]


def test_documents_by_collection_state_title_and_order(
    as_ada: Client, collection: Collection, shared: Collection, written: Written
) -> None:
    written("Bread", collection, "Flour.", size=3)
    written("tides", shared, "Moon.", size=9)
    written("Apples", shared, state="failed", size=1)
    written("Waves", shared, state="extracting", size=2)
    assert titles(as_ada.get("/documents/?sort=title")) == ["Apples", "Bread", "tides", "Waves"]
    assert titles(as_ada.get("/documents/?sort=largest")) == ["tides", "Bread", "Waves", "Apples"]
    assert titles(as_ada.get("/documents/?collection=handbook")) == ["Bread"]
    assert titles(as_ada.get("/documents/?state=failed")) == ["Apples"]
    assert titles(as_ada.get("/documents/?state=working")) == ["Waves"]
    assert titles(as_ada.get("/documents/?title=TID")) == ["tides"]
    assert len(titles(as_ada.get("/documents/?state=odd&sort=odd&page=odd"))) == 4


def test_states_are_live_until_all_are_final(
    as_ada: Client, shared: Collection, secret: Collection, written: Written
) -> None:
    waves = written("Waves", shared, state="extracting")
    hidden = written("Hidden", secret, state="extracting")
    asked = {"id": [str(waves.pk), str(hidden.pk), "x"]}
    answer = as_ada.get("/documents/states", asked)
    assert answer.status_code == 200
    assert f'id="state-{waves.pk}" hx-swap-oob="true"'.encode() in answer.content
    assert str(hidden.pk).encode() not in answer.content
    Document.objects.update(state="indexed")
    assert as_ada.get("/documents/states", asked).status_code == 286


@pytest.mark.django_db(transaction=True)
def test_many_are_deleted_after_a_question(
    as_ada: Client, ada: User, shared: Collection, collection: Collection, written: Written
) -> None:
    mine = [written(f"Tide {n}", shared, "Moon.", uploaded_by=ada) for n in range(3)]
    public = written("Read only", collection, "Flour.")
    back = "/documents/?collection=shared"
    sent = {"id": [d.pk for d in (*mine[:2], public)], "action": "delete", "back": back}
    asked = as_ada.post("/documents/bulk", sent)
    assert b"Delete 2 documents?" in asked.content and b"Read only" not in asked.content
    assert Document.objects.count() == 4
    done = as_ada.post("/documents/bulk", sent | {"confirmed": "yes"}, follow=True)
    assert b"2 documents were moved to the trash." in done.content
    assert done.redirect_chain == [(back, 302)]
    live = Document.objects.live().values_list("title", flat=True)
    assert set(live) == {"Tide 2", "Read only"}
    undone = as_ada.post("/documents/trash/undo", follow=True)
    assert b"2 documents were restored." in undone.content
    assert Document.objects.live().count() == 4


@pytest.mark.django_db(transaction=True)
def test_the_failed_are_tried_again_together(
    as_ada: Client, ada: User, shared: Collection, written: Written
) -> None:
    wrong = {"state": "failed", "error_code": "empty_file", "uploaded_by": ada}
    failed = [written(f"Tide {n}", shared, **wrong) for n in range(2)]
    done = written("Done", shared, "Moon.", uploaded_by=ada)
    ids = [document.pk for document in (*failed, done)]
    answer = as_ada.post("/documents/bulk", {"id": ids, "action": "retry"}, follow=True)
    assert b"2 documents are tried again." in answer.content
    states = dict(Document.objects.values_list("title", "state"))
    assert states == {"Tide 0": "queued", "Tide 1": "queued", "Done": "indexed"}


@pytest.mark.django_db(transaction=True)
def test_documents_are_moved_where_the_caller_may_write_and_nowhere_else(
    as_ada: Client, collection: Collection, shared: Collection, secret: Collection, written: Written
) -> None:
    reader(secret, ada := User.objects.get(username="ada"))
    mine = [written(f"Tide {n}", shared, "Moon.", uploaded_by=ada) for n in range(3)]
    theirs = written("Read only", collection, "Flour.")
    written("Tide 2", secret, "Moon.")
    sent = {"id": [d.pk for d in (*mine, theirs)], "action": "move", "target": "secret"}
    for target in ("secret", "nowhere", ""):
        page = as_ada.post("/documents/bulk", sent | {"target": target}, follow=True)
        assert b"Choose the collection" in page.content
    assert shared.documents.count() == 3
    secret.members.update(role="contributor")
    moved = as_ada.post("/documents/bulk", sent, follow=True).content.decode()
    assert "2 documents were moved to Secret." in moved
    assert "1 is in Secret already, so it stays where it is." in moved
    assert set(secret.documents.values_list("title", flat=True)) == {"Tide 0", "Tide 1", "Tide 2"}
    assert shared.documents.get().title == "Tide 2" and collection.documents.count() == 1
    assert set(ChangeLogEntry.objects.values_list("document_id", flat=True)) == {
        d.pk for d in mine[:2]
    }


def test_a_failure_shows_up_by_itself(as_ada: Client, shared: Collection, written: Written) -> None:
    waves = written("Waves", shared, state="extracting")
    assert f'id="problem-{waves.pk}" hidden'.encode() in as_ada.get("/documents/").content
    Document.objects.update(state="failed", error_code="empty_file")
    answer = as_ada.get("/documents/states", {"id": str(waves.pk)}).content.decode()
    assert f'id="problem-{waves.pk}" hx-swap-oob="true">The file is empty.' in answer


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "javascript:x", "foo", ""]
)
def test_it_leads_back_to_itself_and_nowhere_else(as_ada: Client, back: str) -> None:
    answer = as_ada.post("/documents/bulk", {"action": "retry", "back": back})
    assert answer.headers["Location"] == "/documents/"


@pytest.mark.parametrize("field", ["id", "action", "target", "back", "confirmed"])
def test_a_nul_in_a_form_is_a_bad_request_and_no_fault(
    as_ada: Client, shared: Collection, written: Written, field: str
) -> None:
    tides = written("Tides", shared, "Moon.")
    sent = {"id": str(tides.pk), "action": "move", "target": "shared", "back": "/documents/"}
    answer = as_ada.post("/documents/bulk", sent | {field: "a\0b"})
    assert answer.status_code == (400 if field == "target" else 302)
    assert "\0" not in answer.headers.get("Location", "")


@pytest.mark.django_db(transaction=True)
def test_a_move_to_more_people_asks_first(
    as_ada: Client, ada: User, shared: Collection, secret: Collection, written: Written
) -> None:
    reader(secret, ada, "contributor")
    tides = written("Tides", secret, "Moon.", uploaded_by=ada)
    sent = {"id": [tides.pk], "action": "move", "target": "shared"}
    asked = as_ada.post("/documents/bulk", sent)
    assert b"Show 1 document to more people?" in asked.content
    assert b"everyone who is signed in" in asked.content
    assert secret.documents.count() == 1
    done = as_ada.post("/documents/bulk", sent | {"confirmed": "yes"}, follow=True)
    assert b"1 document was moved to Shared." in done.content
    moved = AuditEvent.objects.get(action="document_moved")
    assert moved.details["wider_audience"] is True


@pytest.mark.django_db(transaction=True)
def test_a_stranger_carries_nothing_where_only_they_see_it(
    as_ada: Client, ada: User, shared: Collection, secret: Collection, written: Written
) -> None:
    """Attack B12: anybody could move everybody's internal documents into a hole of their own."""
    reader(secret, ada, "owner")
    tides = written("Tides", shared, "Moon.", uploaded_by=User.objects.create_user("bob"))
    for action in ("move", "delete", "retry"):
        sent = {"id": [tides.pk], "action": action, "target": "secret", "confirmed": "yes"}
        as_ada.post("/documents/bulk", sent)
    tides.refresh_from_db()
    assert (tides.collection, tides.deleted_at, tides.state) == (shared, None, "indexed")
    assert f'value="{tides.pk}"'.encode() not in as_ada.get("/documents/").content
