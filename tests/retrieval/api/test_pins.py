"""Pins over REST: listing, making, moving and taking them away."""

from typing import Any

import pytest

from documents.library import trash_documents
from documents.models import AuditEvent, Collection, CollectionMember, Document
from retrieval.curation import pins
from retrieval.models import Pin
from tests.api import caller, make_user

pytestmark = pytest.mark.django_db
URL = "/api/v1/collections/notes/pins"


@pytest.fixture
def notes() -> Collection:
    return Collection.objects.create(name="Notes", slug="notes", visibility="internal")


@pytest.fixture
def editor(notes: Collection) -> Any:
    ada = make_user("ada")
    CollectionMember.objects.create(collection=notes, user=ada, role="editor")
    return caller(ada)


def document(title: str, collection: Collection) -> Document:
    return Document.objects.create(collection=collection, external_id=title, title=title)


def pin(editor: Any, title: str, query: str, collection: Collection) -> dict[str, Any]:
    body = {"query": query, "document": str(document(title, collection).pk)}
    answer = editor.post(URL, body, format="json")
    assert answer.status_code == 201, answer.json()
    return dict(answer.json())


def listed(editor: Any) -> list[tuple[str, int, str]]:
    rows = editor.get(URL).json()
    return [(row["query"], row["place"], row["document"]["title"]) for row in rows]


def test_an_editor_pins_moves_and_unpins_documents(editor: Any, notes: Collection) -> None:
    assert editor.get(URL).json() == []
    first = pin(editor, "Rail", " Travel  expenses", notes)
    second = pin(editor, "Hotels", "travel EXPENSES", notes)
    pin(editor, "Leave", "holidays", notes)
    assert (first["query"], first["place"], second["place"]) == ("Travel expenses", 1, 2)
    moved = editor.patch(f"{URL}/{second['id']}", {"place": 1}, format="json")
    assert (moved.status_code, moved.json()["place"]) == (200, 1)
    expected = [("holidays", 1, "Leave"), ("travel EXPENSES", 1, "Hotels")]
    assert listed(editor) == [*expected, ("Travel expenses", 2, "Rail")]
    assert editor.delete(f"{URL}/{first['id']}").status_code == 204
    assert listed(editor) == expected
    told = AuditEvent.objects.order_by("pk").values_list("action", "actor_name", "target_name")
    assert list(told)[-5:] == [
        ("result_pinned", "ada", "Rail"),
        ("result_pinned", "ada", "Hotels"),
        ("result_pinned", "ada", "Leave"),
        ("result_pinned", "ada", "Hotels"),
        ("result_unpinned", "ada", "Rail"),
    ]
    assert AuditEvent.objects.filter(details__place=1, details__query="travel EXPENSES").exists()


def test_the_same_document_is_pinned_once_for_a_query(editor: Any, notes: Collection) -> None:
    made = pin(editor, "Rail", "travel", notes)
    body = {"query": "TRAVEL", "document": made["document"]["id"]}
    again = editor.post(URL, body, format="json")

    assert again.json() == made
    assert AuditEvent.objects.filter(action="result_pinned").count() == 1


def test_pins_of_other_collections_keep_their_places(editor: Any, notes: Collection) -> None:
    other = Collection.objects.create(name="Other", slug="other", visibility="restricted")
    own = [pin(editor, title, "travel", notes) for title in ("A", "B")]
    between = pins.pin_document(document("Between", other), "travel", None)
    own.append(pin(editor, "C", "travel", notes))
    editor.patch(f"{URL}/{own[2]['id']}", {"place": 1}, format="json")

    assert listed(editor) == [("travel", 1, "C"), ("travel", 2, "A"), ("travel", 3, "B")]
    everywhere = list(Pin.objects.order_by("position").values_list("document__title", flat=True))
    assert everywhere == ["C", "A", "Between", "B"]
    for method in ("patch", "delete"):
        answer = getattr(editor, method)(f"{URL}/{between.pk}", {"place": 1}, format="json")
        assert answer.status_code == 404


def test_a_document_of_another_collection_or_of_the_trash_cannot_be_pinned(
    editor: Any, notes: Collection
) -> None:
    other = Collection.objects.create(name="Other", slug="other", visibility="internal")
    gone = document("Gone", notes)
    trash_documents([gone], None)
    for one in (document("Elsewhere", other), gone):
        refused = editor.post(URL, {"query": "x", "document": str(one.pk)}, format="json")
        assert refused.status_code == 400
        assert refused.json() == {"document": ["The collection has no such document."]}


@pytest.mark.parametrize("query", ["?!", " ", "\u0301", "x" * 501])
def test_a_query_without_words_cannot_have_a_pin(
    editor: Any, notes: Collection, query: str
) -> None:
    body = {"query": query, "document": str(document("X", notes).pk)}
    refused = editor.post(URL, body, format="json")

    assert refused.status_code == 400
    assert list(refused.json()) == ["query"]


def test_a_query_and_a_collection_have_so_many_pins_at_most(
    editor: Any, notes: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pins, "MOST_OF_COLLECTION", pins.MOST_PINS + 1)
    for n in range(pins.MOST_PINS):
        pin(editor, f"{n}", "travel", notes)
    body = {"query": "travel", "document": str(document("More", notes).pk)}
    assert "10 documents" in editor.post(URL, body, format="json").json()["query"][0]
    assert editor.post(URL, body | {"query": "trips"}, format="json").status_code == 201
    full = editor.post(URL, body | {"query": "journeys"}, format="json").json()
    assert "has 11 pins already" in full["query"][0]


def test_pins_go_with_a_document_into_another_collection_and_the_trash(
    editor: Any, notes: Collection
) -> None:
    made = pin(editor, "Rail", "travel", notes)
    row = Document.objects.get(pk=made["document"]["id"])
    trash_documents([row], None)
    assert editor.get(URL).json() == []
    Document.objects.update(deleted_at=None)
    assert listed(editor) == [("travel", 1, "Rail")]
    other = Collection.objects.create(name="Other", slug="other")
    Document.objects.update(collection=other)
    assert editor.get(URL).json() == []
