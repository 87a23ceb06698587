"""Who may do what with a document over REST: roles, moves, the trash, staff."""

import io
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from rest_framework.test import APIClient

from documents.library import uploads
from documents.models import AuditEvent, Collection, CollectionMember, Document
from tests.api import caller, make_user
from tests.documents.api.test_documents import URL, send_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def originals_folder(tmp_path: Any, settings: Any) -> None:
    settings.ORIGINALS_DIR = tmp_path


@pytest.fixture
def ada() -> APIClient:
    Collection.objects.default()
    return caller(make_user("ada"))


@pytest.fixture
def secret() -> Collection:
    return Collection.objects.create(name="Secret", slug="secret", visibility="restricted")


def member(collection: Collection, name: str, role: str) -> APIClient:
    user = make_user(name)
    CollectionMember.objects.create(collection=collection, user=user, role=role)
    return caller(user)


def test_nobody_changes_or_deletes_what_another_added_to_an_internal_collection(
    ada: APIClient,
) -> None:
    """Attack B2: internal collections had no owner, so any signed-in user could."""
    document = send_text(ada).json()["id"]
    stranger = caller(make_user("mallory"))
    Collection.objects.create(name="Mine", slug="mine", visibility="restricted")
    assert stranger.get(f"{URL}/{document}").status_code == 200
    for body in ({"title": "x"}, {"collection": "documents"}):
        assert stranger.patch(f"{URL}/{document}", body, format="json").status_code == 403
    assert stranger.delete(f"{URL}/{document}").status_code == 403
    assert stranger.delete(f"{URL}/{document}?permanent=1").status_code == 403
    assert stranger.post(f"{URL}/{document}/retry").status_code == 403
    assert ada.patch(f"{URL}/{document}", {"title": "y"}, format="json").status_code == 200
    assert ada.delete(f"{URL}/{document}").status_code == 204


def test_where_everyone_is_a_reader_only_members_add(ada: APIClient) -> None:
    read = Collection.objects.create(name="Read", slug="read", internal_role="reader")
    assert send_text(ada, collection="read").status_code == 403
    contributor = member(read, "bob", "contributor")
    assert send_text(contributor, collection="read").status_code == 202


def test_a_stranger_cannot_carry_a_document_where_only_they_see_it(ada: APIClient) -> None:
    """Attack B12: whoever could write could hide everybody's documents."""
    document = send_text(ada).json()["id"]
    mallory = caller(make_user("mallory"))
    made = {"name": "Hole", "slug": "hole", "visibility": "restricted"}
    assert mallory.post("/api/v1/collections", made, format="json").status_code == 201
    body = {"collection": "hole", "confirm": True}
    assert mallory.patch(f"{URL}/{document}", body, format="json").status_code == 403
    assert caller(make_user("eve")).get(f"{URL}/{document}").status_code == 200


def test_a_restricted_document_is_shown_to_more_only_by_who_may_and_when_confirmed(
    secret: Collection, ada: APIClient
) -> None:
    """Attack B12: a writer moved a restricted document out, and nothing asked or told."""
    owner, contributor = member(secret, "olga", "owner"), member(secret, "carl", "contributor")
    document = f"{URL}/{send_text(owner, collection='secret').json()['id']}"
    out = {"collection": "documents"}
    assert contributor.patch(document, out | {"confirm": True}, format="json").status_code == 403
    own = f"{URL}/{send_text(contributor, text='Own', collection='secret').json()['id']}"
    refused = contributor.patch(own, out, format="json")
    assert refused.status_code == 409
    assert "More people would see it" in refused.json()["detail"]
    assert ada.get(own).status_code == 404
    assert contributor.patch(own, out | {"confirm": True}, format="json").status_code == 200
    assert ada.get(own).json()["collection"] == "documents"
    event = AuditEvent.objects.get(action="document_moved")
    assert (event.actor_name, event.details["wider_audience"]) == ("carl", True)


def test_an_editor_here_who_only_contributes_there_carries_in_own_documents_alone(
    secret: Collection, ada: APIClient
) -> None:
    document = f"{URL}/{send_text(ada, collection='documents').json()['id']}"
    editor = member(Collection.objects.get(slug="documents"), "edith", "editor")
    user = CollectionMember.objects.get(role="editor").user
    CollectionMember.objects.create(collection=secret, user=user, role="contributor")
    assert editor.patch(document, {"collection": "secret"}, format="json").status_code == 403
    CollectionMember.objects.filter(collection=secret).update(role="editor")
    assert editor.patch(document, {"collection": "secret"}, format="json").status_code == 200
    assert ada.get(document).status_code == 404


@pytest.mark.parametrize(("target", "status"), [("nowhere", 400), ("hidden", 400), ("read", 403)])
def test_a_move_leads_only_where_one_may_add(ada: APIClient, target: str, status: int) -> None:
    Collection.objects.create(name="Hidden", slug="hidden", visibility="restricted")
    Collection.objects.create(name="Read", slug="read", visibility="public")
    document = f"{URL}/{send_text(ada).json()['id']}"
    answer = ada.patch(document, {"collection": target, "confirm": True}, format="json")
    assert answer.status_code == status


def test_a_document_is_not_moved_beside_its_double(ada: APIClient) -> None:
    Collection.objects.create(name="Other", slug="other")
    document = f"{URL}/{send_text(ada).json()['id']}"
    send_text(ada, collection="other")
    assert ada.patch(document, {"collection": "other"}, format="json").status_code == 409
    assert ada.get(document).json()["collection"] == "documents"


def test_a_deleted_document_is_gone_for_all_and_comes_back_from_the_trash(ada: APIClient) -> None:
    document = send_text(ada).json()["id"]
    address = f"{URL}/{document}"
    assert ada.get(f"{URL}?trash=1").json()["total"] == 0
    assert ada.delete(address).status_code == 204
    root = caller(make_user("grace", staff=True))
    for client in (ada, root):
        for path in ("", "/state", "/text", "/original"):
            assert client.get(address + path).status_code == 404
        assert client.patch(address, {"title": "x"}, format="json").status_code == 404
        assert client.delete(address).status_code == 404
        assert client.post(f"{address}/retry").status_code == 404
        assert client.get(URL).json()["total"] == 0
        assert [row["id"] for row in client.get(f"{URL}?trash=1").json()["results"]] == [document]
    other = caller(make_user("bob"))
    assert other.get(f"{URL}?trash=1").json()["total"] == 0
    assert other.post(f"{address}/restore").status_code == 404
    assert caller().post(f"{address}/restore").status_code == 401
    restored = ada.post(f"{address}/restore")
    assert (restored.status_code, restored.json()["deleted_at"]) == (200, None)
    assert ada.get(address).status_code == 200
    assert ada.post(f"{address}/restore").status_code == 404


def test_the_same_bytes_sent_again_bring_a_document_back(ada: APIClient) -> None:
    document = send_text(ada).json()["id"]
    ada.delete(f"{URL}/{document}")
    again = send_text(ada)
    assert (again.status_code, again.json()["id"]) == (200, document)
    assert ada.get(f"{URL}/{document}").status_code == 200


@pytest.mark.parametrize("trashed", [False, True])
def test_only_an_editor_deletes_for_good(ada: APIClient, trashed: bool) -> None:
    document = f"{URL}/{send_text(ada).json()['id']}"
    editor = member(Collection.objects.get(slug="documents"), "edith", "editor")
    if trashed:
        ada.delete(document)
    assert ada.delete(f"{document}?permanent=1").status_code == 403
    stranger = caller(make_user("mallory")).delete(f"{document}?permanent=1")
    assert stranger.status_code == (404 if trashed else 403)
    assert editor.delete(f"{document}?permanent=1").status_code == 204
    assert not Document.objects.exists()
    assert AuditEvent.objects.filter(action="document_purged", actor_name="edith").exists()


def test_a_part_of_a_document_goes_only_with_the_whole(ada: APIClient) -> None:
    mail = Document.objects.get(pk=send_text(ada).json()["id"])
    part = uploads.add_child(mail, io.BytesIO(b"Attachment"), "a.txt").document
    Collection.objects.create(name="Other", slug="other")
    address = f"{URL}/{part.pk}"
    assert ada.get(address).json()["parent"] == str(mail.pk)
    assert ada.patch(address, {"title": "The attachment"}, format="json").status_code == 200
    assert ada.patch(address, {"collection": "other"}, format="json").status_code == 409
    assert ada.delete(address).status_code == 409
    Document.objects.filter(pk=part.pk).update(state="failed")
    assert ada.get(f"{URL}/{mail.pk}").json()["failed_children"] == 1
    listed = {row["id"]: row["failed_children"] for row in ada.get(URL).json()["results"]}
    assert listed == {str(mail.pk): 1, str(part.pk): 0}
    assert ada.delete(f"{URL}/{mail.pk}").status_code == 204
    assert ada.get(address).status_code == 404
    assert [row["id"] for row in ada.get(f"{URL}?trash=1").json()["results"]] == [str(mail.pk)]
    assert ada.post(f"{address}/restore").status_code == 409
    assert ada.post(f"{URL}/{mail.pk}/restore").status_code == 200
    assert ada.get(address).status_code == 200


def test_downloads_of_restricted_originals_are_logged_and_others_are_not(
    ada: APIClient, secret: Collection
) -> None:
    olga = member(secret, "olga", "owner")
    plain, hidden = (send_text(olga, collection=c).json()["id"] for c in ("documents", "secret"))
    for document in (plain, hidden):
        assert olga.get(f"{URL}/{document}/original").status_code == 200
        ada.get(f"{URL}/{document}/original")
    event = AuditEvent.objects.get(action="original_downloaded")
    assert (event.actor_name, event.target_id) == ("olga", hidden)


def test_staff_do_with_documents_what_their_permissions_say(secret: Collection) -> None:
    """Attack B2: staff without any permission read, moved and deleted everything."""
    document = (
        f"{URL}/{send_text(member(secret, 'olga', 'owner'), collection='secret').json()['id']}"
    )
    grace = User.objects.create_user("grace", is_staff=True)

    def allowed(*permissions: str) -> list[int]:
        grace.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        client = caller(User.objects.get(pk=grace.pk))
        changed = client.patch(document, {"title": "x"}, format="json").status_code
        return [client.get(document).status_code, changed, client.delete(document).status_code]

    assert allowed() == [404, 404, 404]
    assert allowed("view_document") == [200, 403, 403]
    assert allowed("change_document") == [200, 200, 403]
    assert allowed("view_document", "delete_document") == [200, 403, 204]
