"""Finding what a request names: 404 for what the caller may not see, 403 for what is not theirs."""

from uuid import UUID

from django.http import Http404
from rest_framework.exceptions import NotAuthenticated, PermissionDenied, ValidationError
from rest_framework.permissions import SAFE_METHODS, IsAdminUser
from rest_framework.request import Request

from documents.models import Collection, Document, TokenUser

DEFAULT_COLLECTION = "documents"  # where uploads go that name no collection; made on first use


def get_document(request: Request, pk: UUID, *, write: bool = False) -> Document:
    """Raises Http404, and PermissionDenied when `write` and the caller may only read it."""
    visible = Document.objects.visible_to(request.user).select_related("collection")
    found: Document | None = visible.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such document, or you may not see it.")
    if write:
        check_writable(request, found.collection)
    return found


def get_collection(request: Request, slug: str) -> Collection:
    """Raises Http404 for a collection that is not there or that the caller may not see."""
    found = _visible_collection(request, slug)
    if found is None:
        raise Http404("There is no such collection, or you may not see it.")
    return found


def target_collection(request: Request, slug: str) -> Collection:
    """The collection that an upload names.

    Raises ValidationError where the caller sees none of that name, PermissionDenied where they
    may only read it.
    """
    if slug == DEFAULT_COLLECTION:
        Collection.objects.default()
    found = _visible_collection(request, slug)
    if found is None:
        raise ValidationError({"collection": [unknown_collection(slug)]})
    check_writable(request, found)
    return found


def _visible_collection(request: Request, slug: str) -> Collection | None:
    found: Collection | None
    found = Collection.objects.visible_to(request.user).filter(slug=slug).first()
    return found


def check_writable(request: Request, target: Collection) -> None:
    if not Collection.objects.writable_by(request.user).filter(pk=target.pk).exists():
        if not request.user.is_authenticated:
            raise NotAuthenticated
        raise PermissionDenied(
            f"You may read the collection “{target.name}” but not change what is in it."
        )


def check_unlimited(request: Request) -> None:
    """Raises PermissionDenied for a token that is for certain collections: it makes no others."""
    if isinstance(request.user, TokenUser) and not request.user.token.all_collections:
        raise PermissionDenied("This token is for certain collections and makes no others.")


def known_collections(request: Request, slugs: list[str]) -> list[str]:
    """The slugs as they are. Raises ValidationError, alike for a missing and for a hidden one."""
    visible = Collection.objects.visible_to(request.user)
    known = set(visible.filter(slug__in=slugs).values_list("slug", flat=True))
    if unknown := [unknown_collection(slug) for slug in slugs if slug not in known]:
        raise ValidationError(unknown)
    return slugs


def unknown_collection(slug: str) -> str:
    return f"There is no collection “{slug}”, or you may not see it."


class StaffWrites(IsAdminUser):
    """Reading is for whoever sees the thing; changing it is for staff."""

    message = "Only staff may do this."

    def has_permission(self, request: Request, view: object) -> bool:
        return request.method in SAFE_METHODS or super().has_permission(request, view)  # type: ignore[arg-type]
