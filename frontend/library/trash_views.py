"""The trash: what was deleted, restored or deleted for good; and the way back after a deletion."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from documents.library import (
    QueueUnavailable,
    purge_documents,
    restore_documents,
    trash_documents,
)
from documents.models import Document
from documents.models.permissions import DocumentQuerySet
from frontend.account import reauthentication_required
from frontend.library.list_params import PAGE_SIZE
from frontend.library.ticked import document_ids_in
from frontend.messages import translate_message

# Where the session keeps the time of the last deletion, which its documents share.
LAST_DELETION = "trashed_at"
UNDO_TAG = "undo"


def trash_with_undo(request: HttpRequest, documents: DocumentQuerySet | Iterable[Document]) -> None:
    """Move documents to the trash and say so, with a button that takes it back."""
    at = timezone.now()
    count = trash_documents(documents, request.user, at=at)
    request.session[LAST_DELETION] = at.isoformat()
    text = ngettext(
        "%(n)d document was moved to the trash.", "%(n)d documents were moved to the trash.", count
    )
    messages.success(request, text % {"n": count}, extra_tags=UNDO_TAG)


@login_required
@require_safe
def trash(request: HttpRequest) -> HttpResponse:
    """What the caller may restore, deleted last first."""
    rows = Document.objects.restorable_by(request.user).filter(parent=None)
    found = rows.select_related("collection", "deleted_by").order_by(F("deleted_at").desc(), "pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = Document.objects.filter(pk__in=[one.pk for one in page])
    context = {
        "page": page,
        "days": settings.TRASH_DAYS,
        "purgeable": set(shown.purgeable_by(request.user).values_list("pk", flat=True)),
    }
    return render(request, "frontend/library/trash.html", context)


@login_required
@require_POST
def undo_deletion(request: HttpRequest) -> HttpResponse:
    """Restores what the caller deleted last in this session."""
    at = request.session.pop(LAST_DELETION, None)
    if at is not None:
        rows = Document.objects.restorable_by(request.user)
        own = rows.filter(deleted_by=request.user.pk, deleted_at=datetime.fromisoformat(at))
        _restore(request, own)
    return redirect("library")


@login_required
@require_POST
def trash_bulk(request: HttpRequest) -> HttpResponse:
    """Restores the documents ticked or, after a question, deletes them for good."""
    ticked = Document.objects.trashed().filter(
        pk__in=document_ids_in(request.POST.getlist("id")), parent=None
    )
    action = ACTIONS.get(request.POST.get("action", ""))
    page = action(request, ticked) if action else None
    return page or redirect("trash")


def _restore(request: HttpRequest, ticked: DocumentQuerySet) -> HttpResponse | None:
    try:
        count = restore_documents(ticked.restorable_by(request.user), request.user)
    except QueueUnavailable as error:
        messages.error(request, translate_message(error.message))
        return None
    text = ngettext("%(n)d document was restored.", "%(n)d documents were restored.", count)
    messages.success(request, text % {"n": count})
    return None


def _purge(request: HttpRequest, ticked: DocumentQuerySet) -> HttpResponse | None:
    documents = ticked.purgeable_by(request.user)
    if not documents:
        messages.error(request, _("Only editors may delete documents for good."))
        return None
    if not request.POST.get("confirmed"):
        return render(request, "frontend/library/purge.html", {"documents": documents})
    return _purge_confirmed(request, documents)


@reauthentication_required
def _purge_confirmed(request: HttpRequest, documents: DocumentQuerySet) -> HttpResponse:
    count = purge_documents(documents, request.user)
    text = ngettext(
        "%(n)d document was deleted for good.", "%(n)d documents were deleted for good.", count
    )
    messages.success(request, text % {"n": count})
    return redirect("trash")


Action = Callable[[HttpRequest, DocumentQuerySet], HttpResponse | None]
ACTIONS: dict[str, Action] = {"restore": _restore, "purge": _purge}
