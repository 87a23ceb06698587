"""Collections and their members over REST."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from rest_framework.test import APIClient

from documents.library import trash, uploads
from documents.models import AuditEvent, ChangeLogEntry, Collection, CollectionMember, Document
from documents.models.ranking_settings import WEIGHT_FIELDS
from tests.api import caller, make_user

pytestmark = pytest.mark.django_db
URL = "/api/v1/collections"


@pytest.fixture
def staff() -> APIClient:
    return caller(make_user("grace", staff=True))


def make_collection(slug: str, visibility: str = "internal") -> Collection:
    return Collection.objects.create(name=slug.title(), slug=slug, visibility=visibility)


def slugs(client: APIClient) -> set[str]:
    return {row["slug"] for row in client.get(URL).json()} - {"documents", "samples"}


def test_each_caller_sees_the_collections_that_are_theirs(staff: APIClient) -> None:
    for visibility in ("public", "internal", "restricted"):
        make_collection(visibility, visibility)
    ada, bob = make_user("ada"), make_user("bob")
    CollectionMember.objects.create(collection=Collection.objects.get(slug="restricted"), user=bob)
    assert slugs(caller()) == {"public"}
    assert slugs(caller(ada)) == {"public", "internal"}
    assert slugs(caller(bob)) == {"public", "internal", "restricted"}
    assert slugs(staff) == {"public", "internal", "restricted"}


def test_whoever_makes_a_collection_changes_and_deletes_it() -> None:
    owner = caller(make_user("ada"))
    made = owner.post(URL, {"name": "User manuals", "language": "de"}, format="json")
    assert made.status_code == 201
    assert made.json()["slug"] == "user-manuals"
    assert made.json()["visibility"] == "internal"
    assert made.json()["documents"] == 0
    address = f"{URL}/user-manuals"
    changed = owner.patch(address, {"name": "Manuals", "visibility": "public"}, format="json")
    assert (changed.status_code, changed.json()["name"]) == (200, "Manuals")
    assert caller().get(address).json()["visibility"] == "public"
    assert owner.delete(address).status_code == 204
    assert owner.get(address).status_code == 404
    events = AuditEvent.objects.filter(target_type="collection").order_by("pk")
    told = events.values_list("action", "actor_name", "target_name")
    assert list(told) == [
        ("collection_created", "ada", "User manuals"),
        ("visibility_changed", "ada", "Manuals"),
        ("collection_changed", "ada", "Manuals"),
        ("collection_deleted", "ada", "Manuals"),
    ]


def test_who_may_make_a_collection_is_a_setting(staff: APIClient, settings: Any) -> None:
    settings.COLLECTION_CREATORS = "staff"
    ada = caller(make_user("ada"))
    assert ada.post(URL, {"name": "Mine"}, format="json").status_code == 403
    assert staff.post(URL, {"name": "Ours"}, format="json").status_code == 201


def test_a_collection_declares_fields_of_its_metadata_as_facets(staff: APIClient) -> None:
    address = f"{URL}/{make_collection('handbook').slug}"
    assert staff.get(address).json()["facet_fields"] == []
    changed = staff.patch(address, {"facet_fields": ["author", "cost center"]}, format="json")
    assert changed.json()["facet_fields"] == ["author", "cost center"]
    many = list("abcdefghi")
    wrongs: list[Any] = [["a:b"], ["a", "a"], ["\ud800"], ["x" * 51], many, "author", [{}]]
    for wrong in wrongs:
        body = json.dumps({"facet_fields": wrong})
        refused = staff.patch(address, body, content_type="application/json")
        assert (refused.status_code, list(refused.json())) == (400, ["facet_fields"])
    assert staff.get(address).json()["facet_fields"] == ["author", "cost center"]


RANKING = {
    "title_weight": 3,
    "headings_weight": 0,
    "text_weight": 2,
    "recency_half_life": 90,
    "recency_floor": 0.25,
    "token_vectors": False,
}


def test_an_owner_says_how_documents_rank(staff: APIClient) -> None:
    address = f"{URL}/{make_collection('handbook').slug}"
    defaults = {
        **dict.fromkeys(WEIGHT_FIELDS, 1),
        "recency_half_life": None,
        "recency_floor": 0.5,
        "token_vectors": True,
    }
    assert staff.get(address).json().items() >= defaults.items()
    assert staff.patch(address, RANKING, format="json").json().items() >= RANKING.items()
    told = AuditEvent.objects.get(action="collection_changed").details
    assert told == {name: [defaults[name], value] for name, value in RANKING.items()}
    made = staff.post(URL, {"name": "Law", **RANKING}, format="json")
    assert (made.status_code, made.json()["title_weight"]) == (201, 3)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title_weight": 6}, "title_weight"),
        ({"headings_weight": -1}, "headings_weight"),
        ({"text_weight": 1.5}, "text_weight"),
        ({"text_weight": None}, "text_weight"),
        (dict.fromkeys(WEIGHT_FIELDS, 0), "text_weight"),
        ({"recency_half_life": 0}, "recency_half_life"),
        ({"recency_half_life": "soon"}, "recency_half_life"),
        ({"recency_floor": 1.01}, "recency_floor"),
        ({"recency_floor": "nan"}, "recency_floor"),
        ({"recency_floor": None}, "recency_floor"),
    ],
)
def test_a_way_of_ranking_that_cannot_be_is_refused(
    staff: APIClient, change: dict[str, Any], field: str
) -> None:
    address = f"{URL}/{make_collection('handbook').slug}"
    refused = staff.patch(address, change, format="json")
    assert (refused.status_code, list(refused.json())) == (400, [field])
    assert not AuditEvent.objects.filter(action="collection_changed").exists()


def test_other_weights_index_the_words_anew_and_another_recency_does_not(
    staff: APIClient,
) -> None:
    handbook = make_collection("handbook")
    document = uploads.add_text(handbook, "One", "one").document
    Document.objects.filter(pk=document.pk).update(version=1, state="indexed")
    address, logged = f"{URL}/handbook", ChangeLogEntry.objects.filter(document_id=document.pk)
    staff.patch(address, {"recency_half_life": 5, "title_weight": 1}, format="json")
    assert not logged.exists()
    staff.patch(address, {"title_weight": 2}, format="json")
    assert logged.get().kind == "published"
    document.refresh_from_db()
    assert document.state == "indexed"  # neither cut nor embedded again


def test_others_may_read_but_not_change(staff: APIClient) -> None:
    make_collection("handbook")
    make_collection("secret", "restricted")
    ada = caller(make_user("ada"))
    assert ada.get(f"{URL}/handbook").status_code == 200
    assert ada.patch(f"{URL}/handbook", {"name": "x"}, format="json").status_code == 403
    assert ada.delete(f"{URL}/handbook").status_code == 403
    assert ada.get(f"{URL}/handbook/members").status_code == 403
    assert ada.get(f"{URL}/secret").status_code == 404
    assert caller().post(URL, {"name": "x"}, format="json").status_code == 401


def test_several_memberships_do_not_multiply_the_count(staff: APIClient) -> None:
    collection = make_collection("handbook", "restricted")
    ada = make_user("ada")
    ada.groups.add(group := Group.objects.create(name="Engineering"))
    CollectionMember.objects.create(collection=collection, user=ada)
    CollectionMember.objects.create(collection=collection, group=group)
    uploads.add_text(collection, "One", "one")
    uploads.add_text(collection, "Two", "two")
    assert [
        row["documents"] for row in caller(ada).get(URL).json() if row["slug"] == "handbook"
    ] == [2]


def test_a_collection_with_documents_is_deleted_only_by_naming_it(staff: APIClient) -> None:
    handbook = make_collection("handbook")
    document = uploads.add_text(handbook, "One", "one").document
    trash.trash_documents([document], None)  # which does not make it empty
    for unnamed in ("", "?confirm=handbook%20", "?confirm=x"):
        refused = staff.delete(f"{URL}/handbook{unnamed}")
        assert refused.status_code == 409
        assert f"“{handbook.name}” holds documents: 1." in refused.json()["detail"]
    assert Document.objects.exists()
    assert staff.delete(f"{URL}/handbook?confirm={handbook.name}").status_code == 204
    assert not Document.objects.exists()
    assert AuditEvent.objects.get(action="collection_deleted").details == {"documents": 1}


def test_another_language_has_the_words_indexed_again(staff: APIClient) -> None:
    document = uploads.add_text(make_collection("handbook"), "One", "one").document
    Document.objects.update(state="indexed", version=1)
    staff.patch(f"{URL}/handbook", {"language": "de"}, format="json")
    document.refresh_from_db()
    assert document.state == "indexed"
    assert list(ChangeLogEntry.objects.values_list("document_id", flat=True)) == [document.pk]


def test_another_size_of_passages_queues_the_documents_again(staff: APIClient) -> None:
    document = uploads.add_text(make_collection("handbook"), "One", "one").document
    Document.objects.update(state="indexed")
    staff.patch(f"{URL}/handbook", {"name": "Other"}, format="json")
    document.refresh_from_db()
    assert document.state == "indexed"
    staff.patch(f"{URL}/handbook", {"chunk_tokens": 128}, format="json")
    document.refresh_from_db()
    assert document.state == "queued"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "Handbook"}, "name"),
        ({"name": "日本語"}, "slug"),
        ({"name": "x", "slug": "no spaces"}, "slug"),
        ({"name": "x", "slug": "handbook"}, "slug"),
        ({"name": "x", "language": "Klingon!"}, "language"),
        ({"name": "x", "visibility": "secret"}, "visibility"),
        ({"name": "x", "visibility": "\ud800"}, "visibility"),
        ({"name": "x", "chunk_tokens": 1}, "chunk_tokens"),
        ({"name": "x", "chunk_tokens": 10**30}, "chunk_tokens"),
        ({"name": "x", "chunk_tokens": 100, "chunk_overlap": 51}, "chunk_overlap"),
        ({"name": "x", "chunk_overlap": 4096}, "chunk_overlap"),
        ({"name": "x", "chunk_overlap": 101}, "chunk_overlap"),  # of 200 tokens by default
        ({"name": "x", "colour": "red"}, "colour"),
        ([1], "detail"),
        ("x", "detail"),
    ],
)
def test_a_bad_value_is_named_with_a_sentence(staff: APIClient, body: object, field: str) -> None:
    make_collection("handbook")
    answer = staff.post(URL, json.dumps(body), content_type="application/json")
    assert answer.status_code == 400
    assert set(answer.json()) == {field}
    sentence = answer.json()[field]
    assert (sentence if field == "detail" else sentence[0]).endswith(".")


def test_the_overlap_is_held_against_the_passage_that_results(staff: APIClient) -> None:
    address = f"{URL}/{make_collection('handbook').slug}"
    assert staff.patch(address, {"chunk_overlap": 100}, format="json").status_code == 200
    refused = staff.patch(address, {"chunk_tokens": 198}, format="json")
    sentence = "The overlap may be half a passage at most: 99."
    assert (refused.status_code, refused.json()) == (400, {"chunk_overlap": [sentence]})
    both = {"chunk_tokens": 198, "chunk_overlap": 99}
    assert staff.patch(address, both, format="json").status_code == 200


def test_the_slug_of_a_collection_stays(staff: APIClient) -> None:
    make_collection("handbook")
    answer = staff.patch(f"{URL}/handbook", {"slug": "other"}, format="json")
    assert answer.json() == {"slug": ["The slug of a collection cannot be changed."]}


def test_members_are_added_changed_and_removed(staff: APIClient) -> None:
    make_collection("secret", "restricted")
    ada = make_user("ada")
    Group.objects.create(name="Engineering")
    members = f"{URL}/secret/members"
    assert caller(ada).get(f"{URL}/secret").status_code == 404
    added = staff.post(members, {"user": "ada"}, format="json")
    assert (added.status_code, added.json()["role"]) == (201, "reader")
    assert (
        staff.post(
            members, {"group": "Engineering", "role": "contributor"}, format="json"
        ).status_code
        == 201
    )
    assert caller(ada).get(f"{URL}/secret").status_code == 200
    one = f"{members}/{added.json()['id']}"
    assert staff.patch(one, {"role": "contributor"}, format="json").json()["role"] == "contributor"
    assert [row["role"] for row in staff.get(members).json()] == ["contributor", "contributor"]
    assert staff.delete(one).status_code == 204
    assert caller(ada).get(f"{URL}/secret").status_code == 404
    assert staff.delete(one).status_code == 404
    told = AuditEvent.objects.filter(action="member_changed").order_by("pk")
    assert [event.details for event in told] == [
        {"user": "ada", "role_before": "", "role_after": "reader"},
        {"group": "Engineering", "role_before": "", "role_after": "contributor"},
        {"user": "ada", "role_before": "reader", "role_after": "contributor"},
        {"user": "ada", "role_before": "contributor", "role_after": ""},
    ]


def test_an_owner_manages_members_and_an_editor_does_not() -> None:
    secret = make_collection("secret", "restricted")
    members = f"{URL}/secret/members"
    for name in ("editor", "owner"):
        CollectionMember.objects.create(collection=secret, user=make_user(name), role=name)
    editor, owner = (caller(User.objects.get(username=name)) for name in ("editor", "owner"))
    make_user("ada")
    assert editor.get(members).status_code == 403
    assert editor.post(members, {"user": "ada"}, format="json").status_code == 403
    assert editor.patch(f"{URL}/secret", {"visibility": "public"}, format="json").status_code == 403
    assert editor.delete(f"{URL}/secret").status_code == 403
    assert owner.post(members, {"user": "ada", "role": "owner"}, format="json").status_code == 201
    assert caller(User.objects.get(username="ada")).get(members).status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
def test_members_are_hidden_from_who_does_not_see_the_collection(method: str) -> None:
    make_collection("secret", "restricted")
    ask = getattr(caller(make_user("ada")), method)
    assert ask(f"{URL}/secret/members").status_code == 404


def test_staff_have_over_rest_what_their_permissions_say() -> None:
    """Attack B2: whoever was staff could change and delete everything here, whatever the admin
    said of them."""
    make_collection("secret", "restricted")
    grace = User.objects.create_user("grace", is_staff=True)
    address = f"{URL}/secret"
    assert caller(grace).get(address).status_code == 404
    grace.user_permissions.set(Permission.objects.filter(codename="change_collection"))
    grace = User.objects.get(pk=grace.pk)
    assert caller(grace).patch(address, {"name": "Hidden"}, format="json").status_code == 200
    assert caller(grace).delete(address).status_code == 403
    assert caller(grace).get(f"{address}/members").status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"user": "ada", "group": "Engineering"},
        {"user": "nobody"},
        {"group": "nobody"},
        {"user": "ada", "role": "writer"},
        {"user": "bob"},
        {"user": ["ada"]},
        {"user": "a\0"},
    ],
)
def test_a_bad_member_is_refused(staff: APIClient, body: dict[str, object]) -> None:
    make_user("ada")
    Group.objects.create(name="Engineering")
    CollectionMember.objects.create(
        collection=make_collection("secret", "restricted"), user=make_user("bob")
    )
    assert staff.post(f"{URL}/secret/members", body, format="json").status_code == 400
    assert CollectionMember.objects.count() == 1


def test_documents_are_shown_to_more_people_only_when_confirmed(staff: APIClient) -> None:
    uploads.add_text(make_collection("secret", "restricted"), "One", "one")
    wider = {"visibility": "public", "name": "Open"}
    refused = staff.patch(f"{URL}/secret", wider, format="json")
    assert refused.status_code == 409
    assert "More people would see the documents in “Open”" in refused.json()["detail"]
    assert staff.get(f"{URL}/secret").json()["name"] == "Secret"
    done = staff.patch(f"{URL}/secret", wider | {"confirm": True}, format="json")
    assert (done.status_code, done.json()["visibility"]) == (200, "public")
    assert "confirm" not in done.json()


def test_the_last_owner_is_removed_only_when_confirmed() -> None:
    owner = make_user("ada")
    secret = make_collection("secret", "restricted")
    member = CollectionMember.objects.create(collection=secret, user=owner, role="owner")
    address = f"{URL}/secret/members/{member.pk}"
    for refused in (
        caller(owner).patch(address, {"role": "reader"}, format="json"),
        caller(owner).delete(address),
    ):
        assert refused.status_code == 409
        assert "“Secret” would have no owner any more" in refused.json()["detail"]
    sent = {"role": "reader", "confirm": True}
    assert caller(owner).patch(address, sent, format="json").json()["role"] == "reader"
    member.role = "owner"
    member.save()
    assert caller(owner).delete(f"{address}?confirm=true").status_code == 204
