"""Read and write access."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.db.models import QuerySet

from documents.models import (
    ApiToken,
    Collection,
    CollectionMember,
    Document,
    Role,
    TokenScope,
    TokenUser,
)
from documents.models.permissions import (
    may_create_collections,
    may_view_searches,
    may_view_status,
)

pytestmark = pytest.mark.django_db

NAMES = {"public", "internal", "readable", "restricted"}
STAFF = {
    "viewer": "view_document",
    "adder": "add_document",
    "changer": "change_document",
    "deleter": "delete_document",
    "manager": "change_collection",
    "remover": "delete_collection",
    "lister": "change_collectionmember",
}


def staff(name: str, *permissions: str) -> User:
    user = User.objects.create_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


@pytest.fixture
def people() -> dict[str, Any]:
    """One of each kind; `internal` makes everyone a contributor, `readable` does not."""
    people: dict[str, Any] = {
        name: User.objects.create_user(name) for name in ("stranger", "grouped", *Role.values)
    }
    people["staff"] = staff("staff")
    people |= {name: staff(name, permission) for name, permission in STAFF.items()}
    people["root"] = User.objects.create_superuser("root")
    people["left"] = User.objects.create_superuser("left", is_active=False)
    people["anyone"] = AnonymousUser()
    for visibility in ("public", "internal", "restricted"):
        found = Collection.objects.create(name=visibility, slug=visibility, visibility=visibility)
    Collection.objects.create(name="readable", slug="readable", internal_role="reader")
    for name in Role.values:
        CollectionMember.objects.create(collection=found, user=people[name], role=name)
    group = Group.objects.create(name="team")
    people["grouped"].groups.add(group)
    CollectionMember.objects.create(collection=found, group=group, role="editor")
    for one in Collection.objects.all():
        Document.objects.create(collection=one, external_id="k", title=one.slug)
    return people


def slugs(rows: QuerySet[Any]) -> set[str]:
    return set(rows.values_list("slug" if rows.model is Collection else "title", flat=True))


def collections_of(user: Any) -> list[set[str]]:
    return [slugs(Collection.objects.with_role(user, role)) for role in Role]


EVERYBODY = {"public", "internal", "readable"}
# Where each is reader, contributor, editor, owner.
ROLES: dict[str, list[set[str]]] = {
    "anyone": [{"public"}, set(), set(), set()],
    "left": [{"public"}, set(), set(), set()],
    "stranger": [EVERYBODY, {"internal"}, set(), set()],
    "staff": [EVERYBODY, {"internal"}, set(), set()],
    "reader": [NAMES, {"internal"}, set(), set()],
    "contributor": [NAMES, {"internal", "restricted"}, set(), set()],
    "editor": [NAMES, {"internal", "restricted"}, {"restricted"}, set()],
    "grouped": [NAMES, {"internal", "restricted"}, {"restricted"}, set()],
    "owner": [NAMES, {"internal", "restricted"}, {"restricted"}, {"restricted"}],
    "viewer": [NAMES, {"internal"}, set(), set()],
    "adder": [EVERYBODY, NAMES, set(), set()],
    "changer": [NAMES, {"internal"}, NAMES, set()],
    "deleter": [EVERYBODY, {"internal"}, set(), set()],
    "manager": [EVERYBODY, {"internal"}, set(), NAMES],
    "root": [NAMES] * 4,
}


@pytest.mark.parametrize("who", ROLES)
def test_a_role_includes_those_below_and_staff_have_what_their_permissions_say(
    who: str, people: dict[str, Any]
) -> None:
    assert collections_of(people[who]) == ROLES[who]
    assert slugs(Document.objects.visible_to(people[who])) == ROLES[who][0]


# Whose documents each may change, delete and purge, where none is their own.
CONTROLLED: dict[str, tuple[set[str], set[str], set[str]]] = {
    "anyone": (set(), set(), set()),
    "left": (set(), set(), set()),
    "stranger": (set(), set(), set()),
    "staff": (set(), set(), set()),
    "contributor": (set(), set(), set()),
    "editor": ({"restricted"}, {"restricted"}, {"restricted"}),
    "grouped": ({"restricted"}, {"restricted"}, {"restricted"}),
    "owner": ({"restricted"}, {"restricted"}, {"restricted"}),
    "changer": (NAMES, set(), set()),
    "deleter": (set(), NAMES, NAMES),
    "root": (NAMES, NAMES, NAMES),
}


@pytest.mark.parametrize("who", CONTROLLED)
def test_documents_of_others_are_for_editors(who: str, people: dict[str, Any]) -> None:
    documents, user = Document.objects, people[who]
    found = (documents.changeable_by(user), documents.deletable_by(user))
    assert tuple(map(slugs, (*found, documents.purgeable_by(user)))) == CONTROLLED[who]


@pytest.mark.parametrize(
    ("who", "own"),
    [
        ("anyone", set()),
        ("stranger", {"internal"}),
        ("reader", {"internal"}),
        ("contributor", {"internal", "restricted"}),
    ],
)
def test_contributors_change_and_delete_their_own_documents_and_purge_none(
    who: str, own: set[str], people: dict[str, Any]
) -> None:
    user = people[who]
    Document.objects.update(uploaded_by=user if user.pk else None)
    assert slugs(Document.objects.changeable_by(user)) == own
    assert slugs(Document.objects.deletable_by(user)) == own
    assert slugs(Document.objects.purgeable_by(user)) == set()
    Document.objects.update(deleted_at="2026-01-01T00:00Z")
    assert slugs(Document.objects.restorable_by(user)) == own


def test_what_is_in_the_trash_is_seen_and_changed_by_nobody(people: dict[str, Any]) -> None:
    Document.objects.update(deleted_at="2026-01-01T00:00Z", version=1)
    root, documents = people["root"], Document.objects
    for found in (
        documents.visible_to(root),
        documents.changeable_by(root),
        documents.deletable_by(root),
        documents.published(),
    ):
        assert not found.exists()
    assert slugs(documents.restorable_by(root)) == NAMES


def test_moving_needs_the_editor_or_an_own_document_on_both_sides(people: dict[str, Any]) -> None:
    restricted = Collection.objects.get(slug="restricted")
    internal = Collection.objects.get(slug="internal")
    own = Document.objects.create(collection=internal, external_id="o", title="own")

    def movable(who: str, target: Collection) -> set[str]:
        Document.objects.filter(pk=own.pk).update(uploaded_by=people[who])
        return slugs(Document.objects.movable_by(people[who], target))

    assert movable("contributor", restricted) == {"own"}
    assert movable("editor", restricted) == {"own", "restricted"}  # not the others' internal ones
    assert movable("editor", internal) == {"own"}  # a contributor there, carries in own ones only
    assert movable("reader", restricted) == set()
    assert movable("root", internal) == {"own", *NAMES}


def test_staff_without_permissions_have_no_more_than_any_user(people: dict[str, Any]) -> None:
    plain, bare = people["stranger"], people["staff"]
    assert collections_of(bare) == collections_of(plain)
    for ask in (may_view_status, may_view_searches):
        assert [ask(plain), ask(bare), ask(people["root"])] == [False, False, True]
    assert [may_view_status(people[name]) for name in ("viewer", "adder")] == [True, False]
    assert may_view_searches(staff("curious", "view_searchlog"))


def test_managing_collections_takes_the_owner_or_the_permission(people: dict[str, Any]) -> None:
    collections = Collection.objects
    for rule, who in (
        (collections.deletable_by, "remover"),
        (collections.members_managed_by, "lister"),
    ):
        assert slugs(rule(people["owner"])) == {"restricted"}
        assert slugs(rule(people["editor"])) == slugs(rule(people["staff"])) == set()
        assert slugs(rule(people[who])) == NAMES
    assert slugs(collections.listed_for(people["manager"])) == NAMES
    assert slugs(collections.listed_for(people["stranger"])) == EVERYBODY


def test_who_may_create_collections_is_a_setting(people: dict[str, Any], settings: Any) -> None:
    creator = staff("creator", "add_collection")
    asked = [people["anyone"], people["left"], people["stranger"], people["staff"], creator]
    assert list(map(may_create_collections, asked)) == [False, False, True, True, True]
    settings.COLLECTION_CREATORS = "staff"
    assert list(map(may_create_collections, asked)) == [False, False, False, False, True]


def test_a_permission_without_the_staff_status_gives_nothing(people: dict[str, Any]) -> None:
    people["viewer"].is_staff = False
    assert slugs(Document.objects.visible_to(people["viewer"])) == EVERYBODY


def test_a_member_twice_over_sees_a_document_once(people: dict[str, Any]) -> None:
    people["reader"].groups.add(Group.objects.get(name="team"))
    assert Document.objects.visible_to(people["reader"]).count() == 4
    assert Collection.objects.visible_to(people["reader"]).count() == 4


def test_what_a_deleted_user_made_stays_and_staff_administer_it(people: dict[str, Any]) -> None:
    restricted = Collection.objects.get(slug="restricted")
    Document.objects.update(uploaded_by=people["owner"])
    people["owner"].delete()
    assert not restricted.members.filter(role="owner").exists()
    assert set(Document.objects.values_list("uploaded_by", flat=True)) == {None}
    assert slugs(Collection.objects.with_role(people["manager"], Role.OWNER)) == NAMES


RIGHTS: tuple[Any, ...] = (
    Collection.objects.listed_for,
    Collection.objects.deletable_by,
    Collection.objects.members_managed_by,
    *(lambda user, role=role: Collection.objects.with_role(user, role) for role in Role),
    Document.objects.visible_to,
    Document.objects.changeable_by,
    Document.objects.deletable_by,
    Document.objects.purgeable_by,
    lambda user: Document.objects.movable_by(user, Collection.objects.get(slug="restricted")),
)


@pytest.mark.parametrize("who", ["stranger", "contributor", "owner", "manager", "root"])
@pytest.mark.parametrize("within", [[], ["internal"], ["public", "restricted"]])
def test_a_token_reaches_what_its_user_does_of_the_collections_it_is_for(
    who: str, within: list[str], people: dict[str, Any]
) -> None:
    user = people[who]
    token = ApiToken.objects.create(
        user=user, scope=TokenScope.ADMIN, all_collections=False, digest=who
    )
    token.collections.set(Collection.objects.filter(slug__in=within))
    caller = TokenUser.of(token)
    for rule in RIGHTS[:-1]:
        assert slugs(rule(caller)) == slugs(rule(user)) & {*within}
    into_restricted = slugs(RIGHTS[-1](user)) if "restricted" in within else set()
    assert slugs(RIGHTS[-1](caller)) == into_restricted & {*within}
    assert not may_create_collections(caller)


def test_a_token_whose_collections_are_deleted_reaches_nothing(people: dict[str, Any]) -> None:
    token = ApiToken.objects.create(
        user=people["root"], scope=TokenScope.ADMIN, all_collections=False
    )
    token.collections.set(Collection.objects.filter(slug="internal"))
    Collection.objects.filter(slug="internal").delete()
    assert not any(rule(TokenUser.of(token)).exists() for rule in RIGHTS)


@pytest.mark.parametrize("scope", [TokenScope.SEARCH, TokenScope.READ, TokenScope.WRITE])
def test_the_rights_of_staff_need_a_token_of_the_scope_admin(
    scope: TokenScope, people: dict[str, Any]
) -> None:
    token = ApiToken.objects.create(user=people["root"], scope=scope)
    caller = TokenUser.of(token)
    assert slugs(Document.objects.visible_to(caller)) == EVERYBODY
    assert not Document.objects.changeable_by(caller).exists()
    assert not may_view_status(caller)
