"""The pages of a collection for its owners: making it, settings, members, deletion."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from documents.models import AuditEvent, Collection, Document
from tests.frontend.conftest import Written, reader

SETTINGS = {"name": "Notes", "language": "en", "visibility": "restricted"}


@pytest.fixture
def owned(secret: Collection, ada: User) -> Collection:
    reader(secret, ada, "owner")
    return secret


def test_a_user_makes_a_collection_and_owns_it(as_ada: Client, ada: User) -> None:
    assert b"/collections/new" in as_ada.get("/documents/").content
    empty = as_ada.get("/collections/new").content.decode()
    assert '<option value="internal" selected>' in empty  # nobody publishes by oversight
    answer = as_ada.post("/collections/new", SETTINGS, follow=True)
    assert answer.redirect_chain == [("/collections/notes/", 302)]
    assert "The collection “Notes” was created." in answer.content.decode()
    made = Collection.objects.get(slug="notes")
    assert (made.visibility, made.members.get().role) == ("restricted", "owner")
    assert made.members.get().user == ada


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "Handbook"}, "already"),
        ({"name": "hand book"}, "There is a collection with such a name already."),
        ({"name": "手册"}, "Use letters or digits of the Latin alphabet too."),
        ({"language": "english"}, "Enter a valid value."),
        ({"visibility": "secret"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_made_is_refused_in_words(
    as_ada: Client, collection: Collection, change: dict[str, str], sentence: str
) -> None:
    Collection.objects.create(name="Other", slug="hand-book")
    answer = as_ada.post("/collections/new", SETTINGS | change)
    assert sentence in answer.content.decode()
    assert Collection.objects.filter(slug__in=("handbook", "hand-book")).count() == 2
    assert not AuditEvent.objects.filter(target_type="collection").exists()


def test_where_only_staff_make_collections_others_are_not_offered_it(
    as_ada: Client, settings: Any
) -> None:
    settings.COLLECTION_CREATORS = "staff"
    assert b"/collections/new" not in as_ada.get("/documents/").content
    assert as_ada.get("/collections/new").status_code == 403
    assert as_ada.post("/collections/new", SETTINGS).status_code == 403


def test_an_owner_changes_settings(as_ada: Client, owned: Collection) -> None:
    assert b"/collections/secret/" in as_ada.get("/documents/?collection=secret").content
    changed = {**SETTINGS, "visibility": "internal", "internal_role": "reader"}
    answer = as_ada.post("/collections/secret/", changed, follow=True)
    assert b"The settings were saved." in answer.content
    owned.refresh_from_db()
    values = (owned.name, owned.visibility, owned.internal_role, owned.slug)
    assert values == ("Notes", "internal", "reader", "secret")
    told = AuditEvent.objects.get(action="visibility_changed")
    assert told.details["visibility"] == ["restricted", "internal"]


def test_an_owner_adds_changes_and_removes_members(as_ada: Client, owned: Collection) -> None:
    User.objects.create_user("bob")
    Group.objects.create(name="Crew")
    address = "/collections/secret/members"
    for name in ("bob", "Crew"):
        as_ada.post(address, {"name": name, "role": "reader"})
    again = as_ada.post(address, {"name": "bob", "role": "reader"})
    assert b"They are a member already." in again.content
    nobody = as_ada.post(address, {"name": "nobody", "role": "reader"})
    assert b"There is no user and no group of this name." in nobody.content
    page = as_ada.get("/collections/secret/").content.decode()
    assert "bob" in page and "Crew" in page
    bob, crew = owned.members.get(user__username="bob"), owned.members.get(group__name="Crew")
    as_ada.post(f"{address}/{bob.pk}", {"role": "editor"})
    as_ada.post(f"{address}/{bob.pk}", {"role": "king"})
    as_ada.post(f"{address}/{crew.pk}", {"role": "reader", "remove": "yes"})
    rows = owned.members.values_list("user__username", "role")
    assert dict(rows) == {"ada": "owner", "bob": "editor"}
    assert AuditEvent.objects.filter(action="member_changed").count() == 4


def test_who_gives_ownership_away_is_led_to_the_library(as_ada: Client, owned: Collection) -> None:
    own = owned.members.get()
    answer = as_ada.post(f"/collections/secret/members/{own.pk}", {"role": "reader"})
    assert answer.headers["Location"] == "/documents/"
    assert as_ada.get("/collections/secret/").status_code == 403


def test_a_member_of_another_collection_is_not_reached(
    as_ada: Client, owned: Collection, shared: Collection
) -> None:
    reader(shared, User.objects.create_user("bob"))
    foreign = shared.members.get()
    address = f"/collections/secret/members/{foreign.pk}"
    assert as_ada.post(address, {"role": "owner"}).status_code == 404


@pytest.mark.parametrize("role", ["", "reader", "contributor", "editor"])
def test_the_pages_are_for_owners(
    as_ada: Client, ada: User, secret: Collection, anyone: Client, role: str
) -> None:
    if role:
        reader(secret, ada, role)
    member = secret.members.first()
    status = 403 if role else 404
    paths = ("/", "/delete", "/members", f"/members/{member.pk if member else 1}")
    for path in paths:
        address = f"/collections/secret{path}"
        assert as_ada.post(address, SETTINGS | {"role": "owner"}).status_code == status
        assert anyone.post(address).headers["Location"].startswith("/account/login/")
    assert as_ada.get("/collections/secret/").status_code == status
    assert b"/collections/secret/" not in as_ada.get("/documents/?collection=secret").content
    secret.refresh_from_db()
    assert (secret.name, secret.members.filter(role="owner").exists()) == ("Secret", False)


@pytest.mark.django_db(transaction=True)
def test_a_collection_with_documents_is_deleted_only_by_its_name(
    as_ada: Client, owned: Collection, written: Written
) -> None:
    written("Tides", owned, "Moon.", deleted_at="2026-01-01T00:00Z")
    asked = as_ada.get("/collections/secret/delete").content.decode()
    assert "1 document is deleted with it for good" in asked
    for name in ("", "secret"):
        wrong = as_ada.post("/collections/secret/delete", {"name": name})
        assert b"This is not the name of the collection." in wrong.content
    assert Document.objects.exists()
    done = as_ada.post("/collections/secret/delete", {"name": "Secret"}, follow=True)
    assert "The collection “Secret” was deleted." in done.content.decode()
    assert not Document.objects.exists()


def test_an_empty_one_is_deleted_without_typing(as_ada: Client, owned: Collection) -> None:
    assert b"It holds no documents." in as_ada.get("/collections/secret/delete").content
    as_ada.post("/collections/secret/delete")
    assert not Collection.objects.filter(slug="secret").exists()


def test_staff_have_here_what_their_permissions_say(secret: Collection, db: None) -> None:
    grace = User.objects.create_user("grace", is_staff=True)
    client = Client()
    client.force_login(grace)
    assert client.get("/collections/secret/").status_code == 404
    wanted = ("change_collection", "delete_collection")
    grace.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    page = client.get("/collections/secret/")
    assert page.status_code == 200
    assert b"/members" not in page.content and b"/collections/secret/delete" in page.content
