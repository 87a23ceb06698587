"""Who may see and change what: the one place where access is decided."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q, QuerySet

from documents.models.api_tokens import TokenUser

if TYPE_CHECKING:
    from documents.models import Collection, Document  # noqa: F401

Caller = AbstractBaseUser | AnonymousUser


def _is_staff(user: Caller) -> bool:
    return bool(user.is_active and getattr(user, "is_staff", False))


def _is_signed_in(user: Caller) -> bool:
    return bool(user.is_authenticated and user.is_active)


class CollectionQuerySet(QuerySet["Collection"]):
    def within_token(self, user: Caller) -> "CollectionQuerySet":
        """Those that the caller's token is for: all, for callers without a token or its limit."""
        if not isinstance(user, TokenUser) or user.token.all_collections:
            return self
        return self.filter(pk__in=user.token.collections.values("pk"))

    def default(self) -> "Collection":
        """The collection for documents that name none: internal, and made on first use."""
        name = "Documents"
        if self.filter(name=name).exclude(slug="documents").exists():
            name = "Documents (default)"
        return self.get_or_create(slug="documents", defaults={"name": name})[0]

    def visible_to(self, user: Caller) -> "CollectionQuerySet":
        """Public ones for anyone, internal ones for the signed in, restricted ones for members."""
        within = self.within_token(user)
        if _is_staff(user):
            return within
        if not _is_signed_in(user):
            return within.filter(visibility="public")
        member = Q(members__user=user) | Q(members__group__user=user)
        return within.filter(Q(visibility__in=("public", "internal")) | member).distinct()

    def writable_by(self, user: Caller) -> "CollectionQuerySet":
        """Internal ones take uploads of any signed-in user, the others of writers they list."""
        within = self.within_token(user)
        if _is_staff(user):
            return within
        if not _is_signed_in(user):
            return within.none()
        writer = Q(members__user=user) | Q(members__group__user=user)
        writer &= Q(members__role="writer")
        return within.filter(Q(visibility="internal") | writer).distinct()


class DocumentQuerySet(QuerySet["Document"]):
    def visible_to(self, user: Caller) -> "DocumentQuerySet":
        from documents.models import Collection

        return self.filter(collection__in=Collection.objects.visible_to(user).values("pk"))

    def writable_by(self, user: Caller) -> "DocumentQuerySet":
        from documents.models import Collection

        return self.filter(collection__in=Collection.objects.writable_by(user).values("pk"))
