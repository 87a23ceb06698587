"""The admin: many files at once, what became of each, and deletion that searches hear of."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from documents import admin_forms
from documents.errors import QueueUnavailable
from documents.ingestion.pipeline import ingest
from documents.library import uploads
from documents.messages import Message
from documents.models import ApiToken, AuditEvent, ChangeLogEntry, Collection, Document
from documents.models.ranking_settings import WEIGHT_FIELDS
from search_project.data_dir import free_port

UPLOAD = "/admin/documents/document/upload/"
LIST = "/admin/documents/document/"
RANKING = {**dict.fromkeys(WEIGHT_FIELDS, "1"), "recency_floor": "0.5"}


@pytest.fixture
def page(admin_client: Client, collection: Collection) -> Client:
    return admin_client


def send(page: Client, collection: Collection, *files: tuple[str, bytes]) -> Any:
    uploads = [SimpleUploadedFile(name, data) for name, data in files]
    data = {"collection": collection.pk, "uploads": uploads}
    return page.post(UPLOAD, data, follow=True)


def test_many_files_at_once_each_with_its_own_word(page: Client, collection: Collection) -> None:
    answer = send(page, collection, ("a.txt", b"Neap"), ("b.txt", b"Spring"), ("c.txt", b"Neap"))
    assert Document.objects.filter(collection=collection, state="queued").count() == 2
    words = answer.content.decode()
    assert "Queued: a.txt" in words
    assert "Queued: b.txt" in words
    assert "Duplicate in Tests: a.txt" in words


def test_an_upload_needs_a_file(page: Client, collection: Collection) -> None:
    answer = page.post(UPLOAD, {"collection": collection.pk})
    assert "Choose at least one file." in answer.content.decode()


def test_the_list_shows_states_with_their_errors_and_retries(
    page: Client, collection: Collection
) -> None:
    send(page, collection, ("a.txt", b"   "))
    document = Document.objects.get()
    ingest(str(document.pk))
    assert "No text was found in the file." in page.get(LIST).content.decode()
    page.post(LIST, {"action": "retry", "_selected_action": [str(document.pk)]})
    document.refresh_from_db()
    assert document.state == "queued"


@pytest.mark.parametrize("single", [True, False])
def test_deleting_tells_the_index(page: Client, collection: Collection, single: bool) -> None:
    send(page, collection, ("a.txt", b"Neap tides"))
    document = Document.objects.get()
    ingest(str(document.pk))
    if single:
        page.post(reverse("admin:documents_document_delete", args=[document.pk]), {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": [str(document.pk)]}
        page.post(LIST, chosen | {"post": "yes"})
    assert not Document.objects.live().exists()
    assert Document.objects.get().deleted_by.username == "admin"
    assert ChangeLogEntry.objects.last().kind == "deleted"


def test_only_an_empty_collection_is_deleted_here_others_by_their_name(
    page: Client, collection: Collection
) -> None:
    send(page, collection, ("a.txt", b"Neap tides"))
    address = reverse("admin:documents_collection_delete", args=[collection.pk])
    by_name = "/collections/tests/delete"
    assert by_name in page.get(address).content.decode()
    chosen = {"action": "delete_selected", "_selected_action": [str(collection.pk)], "post": "yes"}
    page.post(address, {"post": "yes"})
    page.post("/admin/documents/collection/", chosen)
    assert Document.objects.exists()
    Document.objects.all().delete()
    page.post(address, {"post": "yes"})
    assert not Collection.objects.filter(slug="tests").exists()
    assert AuditEvent.objects.get(action="collection_deleted").target_name == "Tests"


@pytest.mark.parametrize(
    ("tokens", "overlap", "sentence"),
    [
        ("15", "", "A passage has between 16 and 8192 tokens."),
        ("", "101", "The overlap may be half a passage at most: 100."),
        ("100", "51", "The overlap may be half a passage at most: 50."),
        ("100", "50", ""),
    ],
)
def test_a_collection_that_cannot_be_cut_is_refused_in_words(
    page: Client, tokens: str, overlap: str, sentence: str
) -> None:
    made = {
        "name": "Tides", "slug": "tides", "language": "en", "visibility": "public",
        "internal_role": "reader", "chunk_tokens": tokens, "chunk_overlap": overlap, **RANKING,
        "members-TOTAL_FORMS": "0", "members-INITIAL_FORMS": "0",
    }  # fmt: skip
    answer = page.post(reverse("admin:documents_collection_add"), made)
    assert sentence in answer.content.decode()
    assert Collection.objects.filter(slug="tides").exists() == (not sentence)


def test_a_new_title_queues_the_document(page: Client, collection: Collection) -> None:
    send(page, collection, ("a.txt", b"Neap tides"))
    document = Document.objects.get()
    ingest(str(document.pk))
    change = {"title": "The sea", "source": "", "language": "en", "metadata": "{}"}
    page.post(reverse("admin:documents_document_change", args=[document.pk]), change)
    document.refresh_from_db()
    assert (document.title, document.state) == ("The sea", "queued")


TITLED = {"title": "The sea", "source": "", "language": "en", "metadata": "{}"}


def test_a_change_that_cannot_be_queued_is_refused_beside_what_was_typed(
    page: Client, collection: Collection, settings: Any
) -> None:
    send(page, collection, ("a.txt", b"Neap tides"))
    document = Document.objects.get()
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    address = reverse("admin:documents_document_change", args=[document.pk])
    words = page.post(address, TITLED, follow=True).content.decode()
    assert str(Message("broker_away")) in words and 'value="The sea"' in words
    assert "was changed successfully" not in words
    document.refresh_from_db()
    assert document.title == "a.txt"


def test_a_change_that_fails_late_says_why_and_not_that_it_was_made(
    page: Client, collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(page, collection, ("a.txt", b"Neap tides"))
    document = Document.objects.get()
    checks: list[bool] = []

    def goes_away_after_the_first_look(*, broker: bool = True) -> None:
        checks.append(broker)
        if checks.count(True) > 1:
            raise QueueUnavailable("broker_away")

    for module in (admin_forms, uploads):
        monkeypatch.setattr(module, "check_queue_reachable", goes_away_after_the_first_look)
    address = reverse("admin:documents_document_change", args=[document.pk])
    words = page.post(address, TITLED, follow=True).content.decode()
    assert str(Message("broker_away")) in words
    assert "was changed successfully" not in words
    document.refresh_from_db()
    assert document.title == "a.txt"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", {}), ("null", {}), ('{"author": "Ada"}', {"author": "Ada"}), ('["x"]', None), ("3", None),
     ("NaN", None), ('{"a": NaN}', None), ('{"a": "\\u0000"}', None), ("{", None)],
)  # fmt: skip
def test_metadata_is_what_the_api_would_take_or_refused_in_words(
    page: Client, collection: Collection, typed: str, kept: dict[str, Any] | None
) -> None:
    send(page, collection, ("a.txt", b"Neap tides"))
    document = Document.objects.get()
    change = {"title": "Tides", "source": "", "language": "en", "metadata": typed}
    answer = page.post(reverse("admin:documents_document_change", args=[document.pk]), change)
    document.refresh_from_db()
    assert answer.status_code == (200 if kept is None else 302)
    assert document.metadata == (kept or {})
    assert (b"errorlist" in answer.content) == (kept is None)


def test_tokens_are_listed_without_their_digest(page: Client, admin_user: Any) -> None:
    ApiToken.objects.create(user=admin_user, name="script", digest="d" * 64, prefix="lan_abcd")
    words = page.get("/admin/documents/apitoken/").content.decode()
    assert "lan_abcd" in words
    assert "d" * 64 not in words


def test_staff_without_the_permission_cannot_upload(
    client: Client, collection: Collection, django_user_model: Any
) -> None:
    client.force_login(django_user_model.objects.create_user("eve", is_staff=True))
    assert client.get(UPLOAD).status_code == 403


ADDRESSES = [
    "/admin/documents/collection/",
    "/admin/documents/document/",
    "/admin/documents/document/upload/",
    "/admin/documents/apitoken/",
    "/admin/retrieval/judgement/",
    "/admin/retrieval/searchlog/",
    "/status/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_staff_without_permissions_see_nothing_here(
    client: Client, django_user_model: Any, db: None, address: str
) -> None:
    """Attack B5: the page of all searches was open to whoever was staff."""
    client.force_login(django_user_model.objects.create_user("eve", is_staff=True))
    assert client.get(address).status_code == 403


@pytest.mark.parametrize(
    ("address", "permission"),
    [
        ("/admin/retrieval/searchlog/", "view_searchlog"),
        ("/admin/retrieval/judgement/", "view_judgement"),
        ("/status/", "view_document"),
    ],
)
def test_staff_with_the_permission_see_it(
    client: Client, django_user_model: Any, db: None, address: str, permission: str
) -> None:
    user = django_user_model.objects.create_user("eve", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename=permission))
    client.force_login(user)
    assert client.get(address).status_code == 200


def test_who_may_only_view_documents_is_offered_no_action(
    client: Client, django_user_model: Any, collection: Collection
) -> None:
    document = Document.objects.create(collection=collection, title="Tides", state="failed")
    user = django_user_model.objects.create_user("eve", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_document"))
    client.force_login(user)
    for action in ("retry", "reindex", "delete_selected"):
        client.post(LIST, {"action": action, "_selected_action": [str(document.pk)], "post": "y"})
    document.refresh_from_db()
    assert (document.state, document.deleted_at) == ("failed", None)


def test_members_that_the_admin_changes_are_in_the_audit_log(
    page: Client, collection: Collection, django_user_model: Any
) -> None:
    ada = django_user_model.objects.create_user("ada")
    address = reverse("admin:documents_collection_change", args=[collection.pk])
    form = {
        "name": "Tests", "slug": "tests", "language": "en", "visibility": "restricted",
        "internal_role": "contributor", "members-TOTAL_FORMS": "1", "members-INITIAL_FORMS": "0",
        "members-0-user": ada.pk, "members-0-role": "editor",
        "members-0-collection": collection.pk, **RANKING,
    }  # fmt: skip
    assert page.post(address, form).status_code == 302
    member = collection.members.get()
    form |= {"members-INITIAL_FORMS": "1", "members-0-id": member.pk, "members-0-role": "owner"}
    assert page.post(address, form).status_code == 302
    assert page.post(address, {**form, "members-0-DELETE": "on"}).status_code == 302
    told = AuditEvent.objects.filter(action="member_changed").order_by("pk")
    roles = [(event.details["role_before"], event.details["role_after"]) for event in told]
    assert roles == [("", "editor"), ("editor", "owner"), ("owner", "")]
    changed = AuditEvent.objects.get(action="visibility_changed")
    assert (changed.actor_name, changed.target_name) == ("admin", "Tests")


def test_a_part_of_a_document_is_not_deleted_alone(page: Client, collection: Collection) -> None:
    mail = Document.objects.create(collection=collection, title="Mail", external_id="m")
    part = Document.objects.create(collection=collection, title="A", external_id="a", parent=mail)
    address = reverse("admin:documents_document_delete", args=[part.pk])
    assert page.post(address, {"post": "yes"}).status_code == 403
    assert Document.objects.live().count() == 2


def test_documents_are_shown_to_more_people_only_with_a_tick(
    page: Client, collection: Collection
) -> None:
    Collection.objects.filter(pk=collection.pk).update(visibility="restricted")
    send(page, collection, ("a.txt", b"Neap tides"))
    address = reverse("admin:documents_collection_change", args=[collection.pk])
    changed = {
        "name": collection.name, "slug": collection.slug, "language": "en",
        "visibility": "public", "internal_role": "reader", **RANKING,
        "members-TOTAL_FORMS": "0", "members-INITIAL_FORMS": "0",
    }  # fmt: skip
    assert b"More people would see its documents" in page.post(address, changed).content
    collection.refresh_from_db()
    assert collection.visibility == "restricted"
    page.post(address, changed | {"confirm": "on"})
    collection.refresh_from_db()
    assert collection.visibility == "public"
    assert b"confirm" not in page.get(reverse("admin:documents_collection_add")).content
