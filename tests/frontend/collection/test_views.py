"""The pages of a collection for its owners: making it, settings, members, deletion."""

import re
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


def test_an_owner_changes_settings(confirmed: Client, owned: Collection) -> None:
    assert b"/collections/secret/" in confirmed.get("/documents/?collection=secret").content
    changed = {**SETTINGS, "visibility": "internal", "internal_role": "reader"}
    answer = confirmed.post("/collections/secret/", changed, follow=True)
    assert b"The settings were saved." in answer.content
    owned.refresh_from_db()
    values = (owned.name, owned.visibility, owned.internal_role, owned.slug)
    assert values == ("Notes", "internal", "reader", "secret")
    told = AuditEvent.objects.get(action="visibility_changed")
    assert told.details["visibility"] == ["restricted", "internal"]


RANKING = {
    "title_weight": "3",
    "headings_weight": "0",
    "text_weight": "2",
    "recency_half_life": "90",
    "recency_floor": "0.25",
}


def ranking(found: Collection) -> dict[str, str]:
    found.refresh_from_db()
    return {name: str(getattr(found, name)) for name in RANKING}


def test_an_owner_says_how_documents_rank(as_ada: Client, owned: Collection) -> None:
    shown = as_ada.get("/collections/secret/").content.decode()
    assert "Field weights" in shown
    assert "title_weight" not in as_ada.get("/collections/new").content.decode()
    as_ada.post("/collections/secret/", SETTINGS | RANKING)
    assert ranking(owned) == RANKING
    as_ada.post("/collections/secret/", SETTINGS | {"text_weight": ""})
    assert ranking(owned) == RANKING | {"recency_half_life": "None"}  # emptied; the rest stays


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title_weight": "6"}, "less than or equal to 5"),
        ({"headings_weight": "-1"}, "greater than or equal to 0"),
        ({"text_weight": "much"}, "Enter a whole number."),
        ({"title_weight": "0", "headings_weight": "0", "text_weight": "0"}, "One of the weights"),
        ({"recency_half_life": "0"}, "greater than or equal to 1"),
        ({"recency_floor": "nan"}, "Enter a number."),
        ({"recency_floor": "2"}, "less than or equal to 1"),
    ],
)
def test_a_way_of_ranking_that_cannot_be_is_refused_in_words(
    as_ada: Client, owned: Collection, change: dict[str, str], sentence: str
) -> None:
    before = ranking(owned)
    answer = as_ada.post("/collections/secret/", SETTINGS | RANKING | change)
    assert (answer.status_code, sentence in answer.content.decode()) == (400, True)
    assert ranking(owned) == before


def test_the_question_before_more_people_see_it_keeps_what_was_typed(
    confirmed: Client, owned: Collection, written: Written
) -> None:
    written("Tides", owned, "Moon.")
    changed = SETTINGS | RANKING | {"visibility": "public", "recency_half_life": ""}
    asked = confirmed.post("/collections/secret/", changed).content.decode()
    assert "Show its documents to more people?" in asked
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', asked))
    confirmed.post("/collections/secret/", sent)
    assert ranking(owned) == RANKING | {"recency_half_life": "None"}
    assert owned.visibility == "public"


def test_documents_are_shown_to_more_people_only_after_a_question(
    confirmed: Client, owned: Collection, written: Written
) -> None:
    written("Tides", owned, "Moon.")
    changed = {**SETTINGS, "visibility": "public"}
    asked = confirmed.post("/collections/secret/", changed)
    assert b"Show its documents to more people?" in asked.content
    assert b"also without signing in" in asked.content
    owned.refresh_from_db()
    assert (owned.name, owned.visibility) == ("Secret", "restricted")
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', asked.content.decode()))
    confirmed.post("/collections/secret/", sent)
    owned.refresh_from_db()
    assert (owned.name, owned.visibility) == ("Notes", "public")
    confirmed.post("/collections/secret/", SETTINGS)  # to fewer people: without a question
    owned.refresh_from_db()
    assert owned.visibility == "restricted"


def test_a_borrowed_browser_opens_and_gives_away_nothing(as_ada: Client, owned: Collection) -> None:
    """Who may read it, its members and its end take the password; its name does not."""
    address, member = "/collections/secret/", owned.members.get()
    User.objects.create_user("bob")
    public = {**SETTINGS, "visibility": "public"}
    acts: list[tuple[str, dict[str, str]]] = [
        ("", public),
        ("members", {"name": "bob", "role": "owner"}),
        (f"members/{member.pk}", {"role": "reader"}),
        (f"members/{member.pk}", {"remove": "yes"}),
        ("delete", {"name": "Secret"}),
    ]
    for path, sent in acts:
        asked = as_ada.post(address + path, sent).headers["Location"]
        assert asked.startswith("/account/confirm/")
    owned.refresh_from_db()
    assert (owned.visibility, owned.members.get().role) == ("restricted", "owner")
    as_ada.post(address, SETTINGS)
    owned.refresh_from_db()
    assert owned.name == "Notes"
    asked = as_ada.post(address, public).headers["Location"]
    confirmed = {"password": "lantern-night", "next": address}
    done = as_ada.post(asked, confirmed, follow=True)
    assert b"The settings were saved." in done.content
    owned.refresh_from_db()
    assert owned.visibility == "public"


def test_an_owner_adds_changes_and_removes_members(confirmed: Client, owned: Collection) -> None:
    User.objects.create_user("bob")
    Group.objects.create(name="Crew")
    address = "/collections/secret/members"
    for name in ("bob", "Crew"):
        confirmed.post(address, {"name": name, "role": "reader"})
    again = confirmed.post(address, {"name": "bob", "role": "reader"})
    assert b"They are a member already." in again.content
    nobody = confirmed.post(address, {"name": "nobody", "role": "reader"})
    assert b"There is no user and no group of this name." in nobody.content
    page = confirmed.get("/collections/secret/").content.decode()
    assert "bob" in page and "Crew" in page
    bob, crew = owned.members.get(user__username="bob"), owned.members.get(group__name="Crew")
    confirmed.post(f"{address}/{bob.pk}", {"role": "editor"})
    confirmed.post(f"{address}/{bob.pk}", {"role": "king"})
    confirmed.post(f"{address}/{crew.pk}", {"role": "reader", "remove": "yes"})
    rows = owned.members.values_list("user__username", "role")
    assert dict(rows) == {"ada": "owner", "bob": "editor"}
    assert AuditEvent.objects.filter(action="member_changed").count() == 4


@pytest.mark.parametrize(
    ("sent", "left"), [({"role": "reader"}, ["reader"]), ({"role": "owner", "remove": "yes"}, [])]
)
def test_the_last_owner_goes_only_after_a_question_and_is_led_to_the_library(
    confirmed: Client, owned: Collection, sent: dict[str, str], left: list[str]
) -> None:
    address = f"/collections/secret/members/{owned.members.get().pk}"
    asked = confirmed.post(address, sent)
    assert b"ada is its only owner." in asked.content
    assert owned.members.get().role == "owner"
    again = dict(re.findall(r'name="(\w+)" value="([^"]*)"', asked.content.decode()))
    assert confirmed.post(address, again).headers["Location"] == "/documents/"
    assert list(owned.members.values_list("role", flat=True)) == left
    assert confirmed.get("/collections/secret/").status_code == (403 if left else 404)


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
    assert b'"/collections/secret/"' not in as_ada.get("/documents/?collection=secret").content
    secret.refresh_from_db()
    assert (secret.name, secret.members.filter(role="owner").exists()) == ("Secret", False)


@pytest.mark.django_db(transaction=True)
def test_a_collection_with_documents_is_deleted_only_by_its_name(
    confirmed: Client, owned: Collection, written: Written
) -> None:
    written("Tides", owned, "Moon.", deleted_at="2026-01-01T00:00Z")
    asked = confirmed.get("/collections/secret/delete").content.decode()
    assert "1 document is deleted with it for good" in asked
    for name in ("", "secret"):
        wrong = confirmed.post("/collections/secret/delete", {"name": name})
        assert b"This is not the name of the collection." in wrong.content
    assert Document.objects.exists()
    done = confirmed.post("/collections/secret/delete", {"name": "Secret"}, follow=True)
    assert "The collection “Secret” was deleted." in done.content.decode()
    assert not Document.objects.exists()


def test_an_empty_one_is_deleted_without_typing(confirmed: Client, owned: Collection) -> None:
    assert b"It holds no documents." in confirmed.get("/collections/secret/delete").content
    confirmed.post("/collections/secret/delete")
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
