"""Synonyms over REST: who may read and replace them, and what is refused."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission

from documents.models import AuditEvent, Collection, CollectionMember
from retrieval.models import SynonymList
from tests.api import caller, make_user

pytestmark = pytest.mark.django_db
EVERYWHERE = "/api/v1/synonyms"
HERE = "/api/v1/collections/notes/synonyms"


@pytest.fixture
def editor() -> Any:
    notes = Collection.objects.create(name="Notes", slug="notes", visibility="internal")
    ada = make_user("ada")
    CollectionMember.objects.create(collection=notes, user=ada, role="editor")
    return caller(ada)


def test_an_editor_reads_replaces_and_deletes_the_synonyms_of_a_collection(editor: Any) -> None:
    empty = editor.get(HERE).json()
    assert (empty["rules"], empty["changed_at"]) == ("", None)
    rules = "# doctors\ngp => general practitioner\ncar, automobile"
    stored = editor.put(HERE, {"rules": f"{rules}\n"}, format="json").json()
    assert stored["rules"] == rules
    assert editor.get(HERE).json() == stored
    assert stored["version"] != empty["version"]
    assert editor.delete(HERE).status_code == 204
    assert editor.get(HERE).json()["rules"] == ""
    first, last = AuditEvent.objects.filter(action="synonyms_changed").order_by("pk")
    assert (first.actor_name, first.target_name) == ("ada", "Notes")
    assert first.details == {"added": rules.splitlines(), "removed": [], "lines": 3}
    assert last.details == {"added": [], "removed": rules.splitlines(), "lines": 0}


def test_rules_of_another_version_than_was_read_are_not_replaced(editor: Any) -> None:
    read = editor.get(HERE).json()
    first = editor.put(HERE, {"rules": "a, b", "version": read["version"]}, format="json")
    late = editor.put(HERE, {"rules": "c, d", "version": read["version"]}, format="json")

    assert (first.status_code, late.status_code) == (200, 409)
    assert "Somebody else has changed the synonyms" in late.json()["detail"]
    assert editor.get(HERE).json()["rules"] == "a, b"
    again = {"rules": "c, d", "version": first.json()["version"]}
    assert editor.put(HERE, again, format="json").status_code == 200


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        (
            "car, automobile\n\nalone",
            "Line 3: A rule needs two different words or phrases, parted by commas or an arrow.",
        ),
        ("a => b => c", "Line 1: A rule has one arrow at most."),
        ("=> b", "Line 1: One side of the arrow is empty."),
        ("car, ***", "Line 1: What stands between two commas has no letter or digit."),
    ],
)
def test_what_is_no_rule_is_said_with_its_line(editor: Any, rules: str, sentence: str) -> None:
    refused = editor.put(HERE, {"rules": rules}, format="json")

    assert refused.status_code == 400
    assert refused.json() == {"rules": [sentence]}
    assert not SynonymList.objects.exists()
    assert not AuditEvent.objects.filter(action="synonyms_changed").exists()


@pytest.mark.parametrize("body", [{}, {"rules": None}, {"rules": "a, b", "colour": "red"}, []])
def test_a_body_of_another_form_is_refused(editor: Any, body: Any) -> None:
    assert editor.put(HERE, body, format="json").status_code == 400


def test_those_of_the_installation_are_for_staff_with_the_permission() -> None:
    clerk = make_user("clerk")
    clerk.is_staff = True
    clerk.save()
    assert caller(clerk).get(EVERYWHERE).status_code == 403
    clerk.user_permissions.add(Permission.objects.get(codename="change_synonymlist"))
    assert caller(clerk).put(EVERYWHERE, {"rules": "a, b"}, format="json").status_code == 200
    assert caller(clerk).get(EVERYWHERE).json()["rules"] == "a, b"
    assert caller(clerk).delete(EVERYWHERE).status_code == 204
    events = AuditEvent.objects.filter(action="synonyms_changed")
    assert [(event.target_type, event.actor_name) for event in events] == [("", "clerk")] * 2


def test_a_token_for_some_collections_does_not_open_those_of_the_installation() -> None:
    Collection.objects.create(name="Notes", slug="notes", visibility="internal")
    grace = make_user("grace", staff=True)
    limited = caller(grace, collections=[Collection.objects.get(slug="notes")])

    assert limited.get(HERE).status_code == 200
    assert limited.get(EVERYWHERE).status_code == 403
    assert limited.put(EVERYWHERE, {"rules": "a, b"}, format="json").status_code == 403
