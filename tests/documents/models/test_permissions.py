"""Read and write access."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group

from documents.models import Collection, CollectionMember, Document

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(django_user_model: Any) -> dict[str, Any]:
    names = ("stranger", "reader", "writer", "grouped")
    people = {name: django_user_model.objects.create_user(name) for name in names}
    people["staff"] = django_user_model.objects.create_user("staff", is_staff=True)
    people["left"] = django_user_model.objects.create_user("left", is_staff=True, is_active=False)
    people["anyone"] = AnonymousUser()
    for visibility in ("public", "internal", "restricted"):
        found = Collection.objects.create(name=visibility, slug=visibility, visibility=visibility)
        Document.objects.create(collection=found, external_id="k", title=visibility)
    group = Group.objects.create(name="team")
    people["grouped"].groups.add(group)
    CollectionMember.objects.create(collection=found, user=people["reader"])
    CollectionMember.objects.create(collection=found, user=people["writer"], role="writer")
    CollectionMember.objects.create(collection=found, group=group, role="writer")
    return people


SEEN = {
    "anyone": "public",
    "left": "public",
    "stranger": "public internal",
    "reader": "public internal restricted",
    "writer": "public internal restricted",
    "grouped": "public internal restricted",
    "staff": "public internal restricted",
}
WRITTEN = {
    "anyone": "",
    "left": "",
    "stranger": "internal",
    "reader": "internal",
    "writer": "internal restricted",
    "grouped": "internal restricted",
    "staff": "public internal restricted",
}


@pytest.mark.parametrize("who", SEEN)
def test_who_sees_and_writes_what(who: str, people: dict[str, Any]) -> None:
    for rule, expected in (("visible_to", SEEN), ("writable_by", WRITTEN)):
        wanted = sorted(expected[who].split())
        collections = getattr(Collection.objects, rule)(people[who])
        documents = getattr(Document.objects, rule)(people[who])
        assert sorted(collections.values_list("slug", flat=True)) == wanted
        assert sorted(documents.values_list("title", flat=True)) == wanted


def test_a_member_twice_over_sees_a_document_once(people: dict[str, Any]) -> None:
    people["reader"].groups.add(Group.objects.get(name="team"))
    assert Document.objects.visible_to(people["reader"]).count() == 3
    assert Collection.objects.visible_to(people["reader"]).count() == 3
