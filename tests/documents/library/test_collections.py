"""Collections: who owns what is made, and moves that show documents to more people."""

import pytest
from django.contrib.auth.models import AnonymousUser, User

from documents.errors import ConfirmationMissing
from documents.library import collections as library_collections
from documents.library import trash, uploads
from documents.models import AuditEvent, Collection, Document

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(collection: Collection) -> dict[str, Collection]:
    kinds = ("public", "internal", "restricted")
    return {one: Collection.objects.create(name=one, slug=one, visibility=one) for one in kinds}


def test_whoever_makes_a_collection_owns_it_and_a_command_leaves_it_to_the_staff() -> None:
    ada = User.objects.create_user("ada")
    for by, owners in ((ada, ["ada"]), (None, []), (AnonymousUser(), [])):
        collection = Collection(name="Handbook", slug="handbook")
        library_collections.create_collection(collection, by)
        owned = collection.members.filter(role="owner")
        assert list(owned.values_list("user__username", flat=True)) == owners
        collection.delete()


@pytest.mark.parametrize(
    ("origin", "target", "wider"),
    [
        ("restricted", "internal", True),
        ("restricted", "public", True),
        ("internal", "public", True),
        ("public", "internal", False),
        ("internal", "restricted", False),
        ("restricted", "restricted", False),
    ],
)
def test_a_move_to_more_people_is_done_only_when_confirmed_and_is_logged(
    places: dict[str, Collection], origin: str, target: str, wider: bool
) -> None:
    document = uploads.add_text(places[origin], "Tides", "Neap", enqueue=False).document
    there = places[target]
    if origin == target:
        there = Collection.objects.create(name="Other", slug="other", visibility=target)
    assert library_collections.leads_to_wider_audience([document], there) is wider
    if wider:
        with pytest.raises(ConfirmationMissing, match=target):
            library_collections.move_documents([document], there, None)
        document.refresh_from_db()
        assert document.collection == places[origin]
        assert not AuditEvent.objects.exists()
    assert library_collections.move_documents([document], there, None, confirmed=True) == 1
    details = AuditEvent.objects.get(action="document_moved").details
    places_told = {"from_collection": origin, "to_collection": there.slug}
    assert details == {**places_told, "wider_audience": wider}


def test_what_the_target_has_in_its_trash_is_not_doubled(places: dict[str, Collection]) -> None:
    there = uploads.add_text(places["internal"], "Tides", "Neap", enqueue=False).document
    trash.trash_documents([there], None)
    document = uploads.add_text(places["restricted"], "Tides", "Neap", enqueue=False).document
    target = places["internal"]
    assert library_collections.move_documents([document], target, None, confirmed=True) == 0


def test_what_is_in_the_trash_is_not_moved(places: dict[str, Collection]) -> None:
    document = uploads.add_text(places["public"], "Tides", "Neap", enqueue=False).document
    trash.trash_documents([document], None)
    assert library_collections.move_documents([document], places["internal"], None) == 0


def test_a_collection_with_documents_is_deleted_only_by_its_name(
    places: dict[str, Collection],
) -> None:
    public = places["public"]
    uploads.add_text(public, "Tides", "Neap", enqueue=False)
    for name in (None, "", "Public", "public "):
        with pytest.raises(ConfirmationMissing, match="holds documents: 1"):
            library_collections.delete_collection(public, None, confirmed_name=name)
    assert Document.objects.exists()
    library_collections.delete_collection(public, None, confirmed_name="public")
    library_collections.delete_collection(places["internal"], None)  # an empty one needs no name
    assert set(Collection.objects.filter(slug__in=places)) == {places["restricted"]}


def test_each_change_of_a_collection_is_told_once(places: dict[str, Collection]) -> None:
    public = places["public"]
    library_collections.save_collection(public, None)
    assert not AuditEvent.objects.exists()
    public.visibility, public.name = "restricted", "Closed"
    library_collections.save_collection(public, None)
    details = {event.action: event.details for event in AuditEvent.objects.all()}
    assert details == {
        "visibility_changed": {"visibility": ["public", "restricted"]},
        "collection_changed": {"name": ["public", "Closed"]},
    }


@pytest.mark.parametrize(
    ("before", "after", "wider"),
    [
        ("restricted", "internal", True),
        ("internal", "public", True),
        ("public", "internal", False),
        ("internal", "restricted", False),
    ],
)
def test_documents_are_shown_to_more_people_only_when_confirmed(
    places: dict[str, Collection], before: str, after: str, wider: bool
) -> None:
    changed = places[before]
    document = uploads.add_text(changed, "Tides", "Neap", enqueue=False).document
    trash.trash_documents([document], None)  # from which it may come back
    changed.visibility = after
    if wider:
        with pytest.raises(ConfirmationMissing, match="More people would see the documents"):
            library_collections.save_collection(changed, None)
        assert Collection.objects.get(pk=changed.pk).visibility == before
    library_collections.save_collection(changed, None, confirmed=True)
    assert Collection.objects.get(pk=changed.pk).visibility == after


def test_an_empty_collection_is_opened_without_a_question(places: dict[str, Collection]) -> None:
    changed = places["restricted"]
    changed.visibility = "public"
    library_collections.save_collection(changed, None)
    assert Collection.objects.get(pk=changed.pk).visibility == "public"
