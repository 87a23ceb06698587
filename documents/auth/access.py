"""Documents and collections by address, for page and API alike.

What a caller may not see does not exist: Http404. What they see and may not touch is forbidden:
PermissionDenied. Both say a sentence; Django's pages and the REST framework translate them.
"""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from documents.auth.audit_log import record_event
from documents.models import AuditEvent, Collection, Document, Role
from documents.models.permissions import Caller

NO_DOCUMENT = "There is no such document, or you may not see it."
NO_COLLECTION = "There is no such collection, or you may not see it."
READ_ONLY = "You may read this document but not change it."
NOT_YOURS = "You may not change this collection."
NOT_EDITOR = "Only an editor of its collection may pin a document."


def visible_document(user: Caller, pk: UUID) -> Document:
    return _document(Document.objects.visible_to(user), pk)


def changeable_document(user: Caller, pk: UUID) -> Document:
    visible_document(user, pk)
    return _document(Document.objects.changeable_by(user), pk, READ_ONLY)


def deletable_document(user: Caller, pk: UUID) -> Document:
    visible_document(user, pk)
    return _document(Document.objects.deletable_by(user), pk, READ_ONLY)


def trashed_document(user: Caller, pk: UUID) -> Document:
    """One in the trash, which only those see who may restore it."""
    return _document(Document.objects.restorable_by(user), pk)


def purgeable_document(user: Caller, pk: UUID) -> Document:
    """One to delete for good, whether it is in the trash or not."""
    found = Document.objects.visible_to(user) | Document.objects.restorable_by(user)
    _document(found, pk)
    return _document(
        Document.objects.purgeable_by(user),
        pk,
        "Only an editor of its collection may delete a document for good.",
    )


def listed_collection(user: Caller, slug: str) -> Collection:
    """One that the caller may know of, though perhaps not read."""
    return _collection(Collection.objects.listed_for(user), slug)


def changeable_collection(user: Caller, slug: str) -> Collection:
    listed_collection(user, slug)
    return _collection(Collection.objects.with_role(user, Role.OWNER), slug, NOT_YOURS)


def edited_collection(user: Caller, slug: str) -> Collection:
    """One whose synonyms and pins the caller may see and change."""
    listed_collection(user, slug)
    return _collection(Collection.objects.with_role(user, Role.EDITOR), slug, NOT_YOURS)


def edited_slugs(user: Caller) -> set[str]:
    """Of the collections that the caller edits."""
    if not user.is_authenticated:
        return set()
    return set(Collection.objects.with_role(user, Role.EDITOR).values_list("slug", flat=True))


def edited_document(user: Caller, pk: UUID) -> Document:
    """One in a collection that the caller edits, whoever added it."""
    document = visible_document(user, pk)
    edited = Collection.objects.with_role(user, Role.EDITOR)
    if not edited.filter(pk=document.collection_id).exists():
        raise PermissionDenied(NOT_EDITOR)
    return document


def deletable_collection(user: Caller, slug: str) -> Collection:
    listed_collection(user, slug)
    return _collection(Collection.objects.deletable_by(user), slug, NOT_YOURS)


def collection_of_members(user: Caller, slug: str) -> Collection:
    """One whose members the caller may see and change."""
    listed_collection(user, slug)
    return _collection(Collection.objects.members_managed_by(user), slug, NOT_YOURS)


def open_collection(user: Caller, slug: str) -> Collection:
    """One that the caller may add documents to."""
    found = Collection.objects.with_role(user, Role.CONTRIBUTOR).filter(slug=slug).first()
    if found is None:
        known = _collection(Collection.objects.visible_to(user), slug)
        raise PermissionDenied(
            f"You may read the collection “{known.name}” but not change what is in it."
        )
    return found


def record_download(user: Caller, document: Document) -> None:
    """Log that an original leaves a restricted collection; others are not logged."""
    if document.collection.visibility == Collection.Visibility.RESTRICTED:
        action = AuditEvent.Action.ORIGINAL_DOWNLOADED
        record_event(action, user, document, collection=document.collection.slug)


def _document(rows: QuerySet[Document], pk: UUID, forbidden: str = "") -> Document:
    found = rows.select_related("collection").filter(pk=pk).first()
    if found is None:
        raise PermissionDenied(forbidden) if forbidden else Http404(NO_DOCUMENT)
    return found


def _collection(rows: QuerySet[Collection], slug: str, forbidden: str = "") -> Collection:
    found = rows.filter(slug=slug).first()
    if found is None:
        raise PermissionDenied(forbidden) if forbidden else Http404(NO_COLLECTION)
    return found
