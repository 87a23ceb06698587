"""Who may see and change what: the one place where access is decided.

A user has a role in a collection, as a member or through a group, or by the collection's
visibility; staff act by Django's permissions of the models, wherever they act; superusers have all.
"""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Count, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from documents.models.api_tokens import TokenUser

if TYPE_CHECKING:
    from documents.models import Collection, Document  # noqa: F401

Caller = AbstractBaseUser | AnonymousUser


class Role(TextChoices):
    """What a user may do in a collection; each role includes the one before."""

    READER = "reader", _("Reader")
    CONTRIBUTOR = "contributor", _("Contributor")
    EDITOR = "editor", _("Editor")
    OWNER = "owner", _("Owner")

    @property
    def and_above(self) -> "tuple[Role, ...]":
        """The roles that may do what this one may."""
        order = list(Role)
        return tuple(order[order.index(self) :])


# Any of these lets staff do what a role may.
STAFF_PERMISSIONS = {
    Role.READER: ("documents.view_document", "documents.change_document"),
    Role.CONTRIBUTOR: ("documents.add_document",),
    Role.EDITOR: ("documents.change_document",),
    Role.OWNER: ("documents.change_collection",),
}
DELETE_DOCUMENTS = "documents.delete_document"


def staff_may(user: Caller, *permissions: str) -> bool:
    """Whether a user is of the staff and has one of Django's permissions; superusers have all."""
    trusted = getattr(user, "is_staff", False) or getattr(user, "is_superuser", False)
    if not (user.is_active and trusted):
        return False
    return any(user.has_perm(name) for name in permissions)  # type: ignore[attr-defined]


def may_create_collections(user: Caller) -> bool:
    """As COLLECTION_CREATORS says: everyone who is signed in, or the staff that may."""
    if isinstance(user, TokenUser) and not user.token.all_collections:
        return False  # it could not see what it made
    if settings.COLLECTION_CREATORS == "everyone" and _is_signed_in(user):
        return True
    return staff_may(user, "documents.add_collection")


def may_view_status(user: Caller) -> bool:
    """The numbers of the whole installation are for staff that may see every document."""
    return staff_may(user, *STAFF_PERMISSIONS[Role.READER])


def may_view_searches(user: Caller) -> bool:
    """What people have searched for is for staff that may read the search log."""
    return staff_may(user, "retrieval.view_searchlog")


def _is_signed_in(user: Caller) -> bool:
    return bool(user.is_authenticated and user.is_active)


class CollectionQuerySet(QuerySet["Collection"]):
    def default(self) -> "Collection":
        """The collection for documents that name none: internal, and made on first use."""
        name = "Documents"
        if self.filter(name=name).exclude(slug="documents").exists():
            name = "Documents (default)"
        return self.get_or_create(slug="documents", defaults={"name": name})[0]

    def within_token(self, user: Caller) -> Self:
        """Those that the caller's token is for: all, for callers without a token or its limit."""
        if not isinstance(user, TokenUser) or user.token.all_collections:
            return self
        return self.filter(pk__in=user.token.collections.values("pk"))

    def visible_to(self, user: Caller) -> Self:
        """Those whose documents a user may read and search."""
        return self.with_role(user, Role.READER)

    def listed_for(self, user: Caller) -> Self:
        """Those that a user may know of: visible ones, and all for staff that manage them."""
        managed = ("view_collection", "change_collection", "delete_collection")
        if staff_may(user, *(f"documents.{name}" for name in managed)):
            return self.within_token(user)
        return self.visible_to(user)

    def with_role(self, user: Caller, role: Role) -> Self:
        """Those where a user has this role, or one that includes it."""
        return self._granted(user, role, *STAFF_PERMISSIONS[role])

    def deletable_by(self, user: Caller) -> Self:
        return self._granted(user, Role.OWNER, "documents.delete_collection")

    def members_managed_by(self, user: Caller) -> Self:
        """Those whose members a user may see and change."""
        return self._granted(user, Role.OWNER, "documents.change_collectionmember")

    def documents_deletable_by(self, user: Caller) -> Self:
        """Those of whose documents a user may delete every one."""
        return self._granted(user, Role.EDITOR, DELETE_DOCUMENTS)

    def _granted(self, user: Caller, role: Role, *permissions: str) -> Self:
        """To members by their role, to others by the visibility, to staff by a permission."""
        from documents.models import CollectionMember

        within = self.within_token(user)
        if staff_may(user, *permissions):
            return within
        if not _is_signed_in(user):
            return within.filter(visibility="public") if role == Role.READER else self.none()
        memberships = CollectionMember.objects.filter(
            Q(user=user) | Q(group__user=user), role__in=role.and_above
        )
        granted = Q(pk__in=memberships.values("collection"))
        if role == Role.READER:
            granted |= Q(visibility__in=("public", "internal"))
        elif role == Role.CONTRIBUTOR:
            granted |= Q(visibility="internal", internal_role=Role.CONTRIBUTOR)
        return within.filter(granted)


class DocumentQuerySet(QuerySet["Document"]):
    def live(self) -> Self:
        """Those that are not in the trash."""
        return self.filter(deleted_at=None)

    def trashed(self) -> Self:
        return self.filter(deleted_at__isnull=False)

    def published(self) -> Self:
        """Those that searches may find."""
        return self.live().filter(version__gt=0)

    def with_failed_children(self) -> Self:
        """Each with `failed_children`, the number of its parts that could not be read."""
        failed = Count("children", filter=Q(children__state="failed"))
        return self.annotate(failed_children=failed)

    def visible_to(self, user: Caller) -> Self:
        return self.live().filter(collection__in=_collections().visible_to(user).values("pk"))

    def changeable_by(self, user: Caller) -> Self:
        """Every document for editors, own ones for contributors."""
        return self.live()._controlled(user, *STAFF_PERMISSIONS[Role.EDITOR])

    def movable_by(self, user: Caller, target: "Collection") -> Self:
        """Those that a user may carry into `target`: changeable here and, once there, there."""
        changeable = self.changeable_by(user)
        if _collections().with_role(user, Role.EDITOR).filter(pk=target.pk).exists():
            return changeable
        if _collections().with_role(user, Role.CONTRIBUTOR).filter(pk=target.pk).exists():
            return changeable.filter(uploaded_by=user.pk)
        return self.none()

    def deletable_by(self, user: Caller) -> Self:
        """Those that a user may move to the trash."""
        return self.live()._controlled(user, DELETE_DOCUMENTS)

    def restorable_by(self, user: Caller) -> Self:
        """Those in the trash that a user could have moved there."""
        return self.trashed()._controlled(user, DELETE_DOCUMENTS)

    def purgeable_by(self, user: Caller) -> Self:
        """Those that a user may delete for good, in the trash or not: only editors may."""
        edited = _collections().documents_deletable_by(user)
        return self.filter(collection__in=edited.values("pk"))

    def _controlled(self, user: Caller, *permissions: str) -> Self:
        within = self.filter(collection__in=_collections().within_token(user).values("pk"))
        if staff_may(user, *permissions):
            return within
        edited = _collections()._granted(user, Role.EDITOR, *permissions)
        contributed = _collections().with_role(user, Role.CONTRIBUTOR)
        return within.filter(
            Q(collection__in=edited.values("pk"))
            | Q(uploaded_by=user.pk, collection__in=contributed.values("pk"))
        )


def _collections() -> CollectionQuerySet:
    from documents.models import Collection

    return Collection.objects.all()
