"""The pages of synonyms and pins: saving, refusing, undoing, and pinning results."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from documents.models import AuditEvent, Collection
from retrieval.curation import pin_document, pins_in, save_synonyms, stored_synonyms
from retrieval.models import Pin
from tests.frontend.conftest import Written, reader
from tests.retrieval.conftest import Index

PAGE = "/collections/secret/curation"


@pytest.fixture
def edited(secret: Collection, ada: User) -> Collection:
    reader(secret, ada, "editor")
    return secret


def save(client: Client, rules: str, page: str = PAGE, **more: str) -> Any:
    version = re.search(r'name="version" value="([^"]+)"', client.get(page).content.decode())
    assert version
    sent = {"rules": rules, "version": version[1], **more}
    return client.post(page, sent, follow=True)


def titles(of: Collection) -> list[str]:
    return [pin.document.title for pin in pins_in(of)]


def test_an_empty_page_says_what_synonyms_and_pins_are(as_ada: Client, edited: Collection) -> None:
    page = as_ada.get(PAGE).content.decode()

    assert "Nothing is pinned yet." in page
    assert "each finds the others" in page
    assert "Undo the last change" not in page
    assert f'href="{PAGE}"' in as_ada.get("/documents/?collection=secret").content.decode()


def test_an_editor_saves_synonyms_and_takes_the_last_change_back(
    as_ada: Client, edited: Collection
) -> None:
    answer = save(as_ada, "car, automobile\r\ngp => general practitioner\r\n")
    assert "The synonyms were saved." in answer.content.decode()
    assert stored_synonyms(edited).rules == "car, automobile\ngp => general practitioner"
    save(as_ada, "")
    assert stored_synonyms(edited).rules == ""
    undone = save(as_ada, "", undo="yes").content.decode()
    assert "The last change was undone." in undone
    assert "gp =&gt; general practitioner</textarea>" in undone
    assert AuditEvent.objects.filter(action="synonyms_changed", actor_name="ada").count() == 3


def test_what_is_no_rule_is_named_and_what_was_typed_stays(
    as_ada: Client, edited: Collection
) -> None:
    answer = save(as_ada, "car, automobile\nalone <b>")

    assert answer.status_code == 400
    page = answer.content.decode()
    assert (
        "Line 2: A rule needs two different words or phrases, parted by commas or an arrow." in page
    )
    assert "car, automobile\nalone &lt;b&gt;</textarea>" in page
    assert stored_synonyms(edited).rules == ""


def test_a_change_of_somebody_else_is_not_overwritten(as_ada: Client, edited: Collection) -> None:
    old = str(stored_synonyms(edited).version)
    save_synonyms(edited, "theirs, others", None)
    answer = as_ada.post(PAGE, {"rules": "mine, own", "version": old})

    assert answer.status_code == 400
    page = answer.content.decode()
    assert "Somebody else has changed the synonyms meanwhile." in page
    assert "mine, own</textarea>" in page
    assert stored_synonyms(edited).rules == "theirs, others"


def test_the_synonyms_of_the_installation_are_for_staff_with_the_permission(
    as_ada: Client, ada: User
) -> None:
    assert as_ada.get("/synonyms/").status_code == 403
    assert as_ada.post("/synonyms/", {"rules": "a, b"}).status_code == 403
    ada.is_staff = True
    ada.save()
    ada.user_permissions.add(Permission.objects.get(codename="change_synonymlist"))
    assert 'href="/synonyms/"' in as_ada.get("/documents/").content.decode()
    answer = save(as_ada, "car, automobile", "/synonyms/")
    assert "The synonyms were saved." in answer.content.decode()
    assert stored_synonyms(None).rules == "car, automobile"


def test_documents_are_pinned_by_title_or_address_moved_and_unpinned(
    as_ada: Client, edited: Collection, written: Written
) -> None:
    rail, hotels = written("Rail", edited), written("Hotels", edited)
    as_ada.post("/collections/secret/pins", {"query": "Travel", "document": "rail"})
    address = f"http://testserver/documents/{hotels.pk}/?q=x"
    page = as_ada.post(
        "/collections/secret/pins", {"query": "travel", "document": address}, follow=True
    )
    assert titles(edited) == ["Rail", "Hotels"]
    assert page.content.decode().count("<h3>") == 1
    last = Pin.objects.get(document=hotels)
    as_ada.post(f"/collections/secret/pins/{last.pk}", {"up": "yes"})
    assert titles(edited) == ["Hotels", "Rail"]
    gone = as_ada.post(f"/collections/secret/pins/{last.pk}", {"remove": "yes"}, follow=True)
    assert "“Hotels” is not pinned to “travel” any more." in gone.content.decode()
    assert 'action="/pins/undo"' in gone.content.decode()
    assert titles(edited) == ["Rail"]
    back = as_ada.post("/pins/undo")
    assert (back.status_code, back["Location"]) == (302, f"{PAGE}#pins")
    assert titles(edited) == ["Hotels", "Rail"]
    assert as_ada.post("/pins/undo")["Location"] == "/documents/"
    assert Pin.objects.filter(document=rail).exists()


@pytest.mark.parametrize(
    ("query", "document", "sentence"),
    [
        ("travel", "Nowhere", "The collection has no document of this title."),
        ("travel", "Elsewhere", "The collection has no document of this title."),
        ("travel", "Twice", "Several documents have this title"),
        ("?!", "Rail", "A document is pinned for a query with words"),
        ("", "Rail", "This field is required."),
    ],
)
def test_what_cannot_be_pinned_is_refused_in_words(
    as_ada: Client, edited: Collection, shared: Collection, written: Written,
    *, query: str, document: str, sentence: str,
) -> None:  # fmt: skip
    written("Rail", edited)
    written("Twice", edited)
    edited.documents.create(external_id="second", title="twice", state="indexed")
    written("Elsewhere", shared)
    sent = {"query": query, "document": document}
    answer = as_ada.post("/collections/secret/pins", sent)

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not Pin.objects.exists()


def test_an_editor_pins_a_result_of_a_search_and_unpins_it(
    as_ada: Client, ada: User, indexed: Index, collection: Collection
) -> None:
    indexed("Travel", "Travel and travel.")
    less = indexed("Rail", "How to travel by rail at leisure and without haste.")
    search = "/?q=travel&mode=lexical"
    assert b"Pin to this query" not in as_ada.get(search).content
    reader(collection, ada, "editor")
    assert as_ada.get(search).content.count(b"Pin to this query") == 2
    form = {"query": "travel", "back": search}
    page = as_ada.post(f"/documents/{less.pk}/pin", form | {"pinned": "yes"}, follow=True)
    shown = page.content.decode()
    assert shown.index(">Rail</a>") < shown.index(">Travel</a>")
    assert shown.count('<span class="pinned">Pinned</span>') == 1
    assert "Pinned</span>" in Client().get(search).content.decode()
    page = as_ada.post(f"/documents/{less.pk}/pin", form | {"pinned": "no"}, follow=True)
    shown = page.content.decode()
    assert shown.index(">Travel</a>") < shown.index(">Rail</a>")
    assert as_ada.post("/pins/undo")["Location"] == search
    assert titles(collection) == ["Rail"]


def test_the_reason_of_a_result_names_pins_and_synonyms(
    as_ada: Client, indexed: Index, collection: Collection
) -> None:
    indexed("Club", "The automobile club.")
    pinned = indexed("House rules", "Shoes off.")
    indexed("Other", "Nothing of the kind.")
    save_synonyms(collection, "car, automobile", None)
    pin_document(pinned, "car", None)
    page = as_ada.get("/?q=car&mode=lexical").content.decode()

    assert "automobile (synonym of car)" in page
    assert page.count("first because an editor pinned it to this query") == 1


def test_owners_find_the_page_from_the_settings_of_their_collection(
    as_ada: Client, ada: User, secret: Collection
) -> None:
    reader(secret, ada, "owner")

    assert f'href="{PAGE}"' in as_ada.get("/collections/secret/").content.decode()


@pytest.mark.parametrize("role", ["", "reader", "contributor"])
def test_the_pages_are_for_editors(
    as_ada: Client, ada: User, secret: Collection, written: Written, *, role: str
) -> None:
    pin = pin_document(written("Rail", secret), "travel", None)
    if role:
        reader(secret, ada, role)
    status = 403 if role else 404

    assert as_ada.get(PAGE).status_code == status
    assert as_ada.post(PAGE, {"rules": "a, b", "version": ""}).status_code == status
    assert as_ada.post("/collections/secret/pins", {}).status_code == status
    assert as_ada.post(f"/collections/secret/pins/{pin.pk}", {"remove": "1"}).status_code == status
    pinned = {"query": "rail", "pinned": "yes"}
    assert as_ada.post(f"/documents/{pin.document_id}/pin", pinned).status_code == status
    assert titles(secret) == ["Rail"]
    assert stored_synonyms(secret).rules == ""
