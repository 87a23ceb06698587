"""Who may see and change what: the one place where access is decided."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from documents.models import Collection, Document  # noqa: F401

Caller = AbstractBaseUser | AnonymousUser


def _is_staff(user: Caller) -> bool:
    return bool(user.is_active and getattr(user, "is_staff", False))


def _is_signed_in(user: Caller) -> bool:
    return bool(user.is_authenticated and user.is_active)


class CollectionQuerySet(QuerySet["Collection"]):
    def default(self) -> "Collection":
        """The collection for documents that name none: internal, and made on first use."""
        name = "Documents"
        if self.filter(name=name).exclude(slug="documents").exists():
            name = "Documents (default)"
        return self.get_or_create(slug="documents", defaults={"name": name})[0]

    def visible_to(self, user: Caller) -> "CollectionQuerySet":
        """Public ones for anyone, internal ones for the signed in, restricted ones for members."""
        if _is_staff(user):
            return self
        if not _is_signed_in(user):
            return self.filter(visibility="public")
        member = Q(members__user=user) | Q(members__group__user=user)
        return self.filter(Q(visibility__in=("public", "internal")) | member).distinct()

    def writable_by(self, user: Caller) -> "CollectionQuerySet":
        """Internal ones take uploads of any signed-in user, the others of writers they list."""
        if _is_staff(user):
            return self
        if not _is_signed_in(user):
            return self.none()
        writer = Q(members__user=user) | Q(members__group__user=user)
        writer &= Q(members__role="writer")
        return self.filter(Q(visibility="internal") | writer).distinct()


class DocumentQuerySet(QuerySet["Document"]):
    def visible_to(self, user: Caller) -> "DocumentQuerySet":
        from documents.models import Collection

        return self.filter(collection__in=Collection.objects.visible_to(user).values("pk"))

    def writable_by(self, user: Caller) -> "DocumentQuerySet":
        from documents.models import Collection

        return self.filter(collection__in=Collection.objects.writable_by(user).values("pk"))
