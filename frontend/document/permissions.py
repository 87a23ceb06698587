"""Documents by address: what the caller may not see does not exist."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from documents.models import Document


def visible_document(request: HttpRequest, pk: UUID) -> Document:
    """Raises Http404 when there is none that the caller may see."""
    documents = Document.objects.visible_to(request.user).select_related("collection")
    return get_object_or_404(documents, pk=pk)


def writable_document(request: HttpRequest, pk: UUID) -> Document:
    """Raises Http404 as above, and PermissionDenied when the caller may only read it."""
    document = visible_document(request, pk)
    if not may_write(request, document):
        raise PermissionDenied
    return document


def may_write(request: HttpRequest, document: Document) -> bool:
    return Document.objects.writable_by(request.user).filter(pk=document.pk).exists()
