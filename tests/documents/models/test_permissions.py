"""Read and write access."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group

from documents.models import (
    ApiToken,
    Collection,
    CollectionMember,
    Document,
    TokenScope,
    TokenUser,
)

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


@pytest.mark.parametrize("who", ["stranger", "reader", "writer", "grouped", "staff"])
@pytest.mark.parametrize("within", [[], ["internal"], ["public", "restricted"]])
def test_a_token_reaches_what_its_user_does_of_the_collections_it_is_for(
    who: str, within: list[str], people: dict[str, Any]
) -> None:
    token = ApiToken.objects.create(
        user=people[who], scope=TokenScope.ADMIN, all_collections=False, digest=who
    )
    token.collections.set(Collection.objects.filter(slug__in=within))
    caller = TokenUser.of(token)
    for rule, expected in (("visible_to", SEEN), ("writable_by", WRITTEN)):
        wanted = sorted({*expected[who].split()} & {*within})
        collections = getattr(Collection.objects, rule)(caller)
        documents = getattr(Document.objects, rule)(caller)
        assert sorted(collections.values_list("slug", flat=True)) == wanted
        assert sorted(documents.values_list("title", flat=True)) == wanted


def test_a_token_whose_collections_are_deleted_reaches_nothing(people: dict[str, Any]) -> None:
    token = ApiToken.objects.create(
        user=people["staff"], scope=TokenScope.ADMIN, all_collections=False
    )
    token.collections.set(Collection.objects.filter(slug="internal"))
    Collection.objects.filter(slug="internal").delete()
    assert not Collection.objects.visible_to(TokenUser.of(token)).exists()
