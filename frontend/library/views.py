"""The library: documents by collection and state, and what is done to many at once."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from documents.library import (
    IntakeError,
    QueueUnavailable,
    delete_documents,
    move_documents,
    retry_documents,
)
from documents.models import Collection, Document
from frontend.library.list_params import ORDERS, PAGE_SIZE, STATES, UNFINISHED, DocumentListParams
from frontend.messages import translate_message
from frontend.redirects import return_url

STOP_POLLING = 286
MOST_CHOSEN = 1000


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    shelf = DocumentListParams.read(request.GET)
    page = Paginator(shelf.documents(request.user), PAGE_SIZE).get_page(shelf.page)
    targets = Collection.objects.writable_by(request.user)
    context = {
        "shelf": shelf,
        "page": page,
        "writable": {one.pk for one in targets},
        "targets": targets,
        "collections": Collection.objects.visible_to(request.user),
        "states": [(key, one[0]) for key, one in STATES.items()],
        "orders": [(key, one[0]) for key, one in ORDERS.items()],
        "waiting": [one.pk for one in page if one.state in UNFINISHED],
        "earlier": shelf.url_for_page(page.number - 1) if page.has_previous() else "",
        "later": shelf.url_for_page(page.number + 1) if page.has_next() else "",
    }
    return render(request, "frontend/library/page.html", context)


@require_safe
def library_states(request: HttpRequest) -> HttpResponse:
    """The states of the documents named, for a page that shows them; stops when all are final."""
    chosen = list(_chosen(request, request.GET.getlist("id")).select_related("collection"))
    waiting = any(document.state in UNFINISHED for document in chosen)
    return render(
        request,
        "frontend/library/states.html",
        {"documents": chosen},
        status=200 if waiting else STOP_POLLING,
    )


@login_required
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Retries, moves or deletes the documents ticked, of those that the caller may change."""
    chosen = _chosen(request, request.POST.getlist("id"))
    documents = chosen.filter(pk__in=Document.objects.writable_by(request.user).values("pk"))
    action, back = request.POST.get("action", ""), return_url(request, "library")
    if action == "delete" and documents and not request.POST.get("confirmed"):
        context = {"documents": documents, "back": back}
        return render(request, "frontend/library/delete.html", context)
    if not documents:
        messages.error(request, _("Tick the documents first."))
        return redirect(back)
    try:
        _act(request, action, documents)
    except (IntakeError, QueueUnavailable) as error:
        messages.error(request, translate_message(error.message))
    return redirect(back)


def _act(request: HttpRequest, action: str, documents: QuerySet[Document]) -> None:
    if action == "delete":
        count = delete_documents(documents)
        text = ngettext("%(n)d document was deleted.", "%(n)d documents were deleted.", count)
    elif action == "retry":
        count = retry_documents(documents)
        text = ngettext("%(n)d document is tried again.", "%(n)d documents are tried again.", count)
    elif action == "move":
        _move(request, documents)
        return
    else:
        return
    messages.success(request, text % {"n": count})


def _move(request: HttpRequest, documents: QuerySet[Document]) -> None:
    slug = request.POST.get("target", "")
    target = Collection.objects.writable_by(request.user).filter(slug=slug).first()
    if target is None:
        messages.error(request, _("Choose the collection to move them to."))
        return
    asked = len(documents.exclude(collection=target))
    count = move_documents(documents, target)
    text = ngettext(
        "%(n)d document was moved to %(name)s.", "%(n)d documents were moved to %(name)s.", count
    )
    messages.success(request, text % {"n": count, "name": target.name})
    if asked > count:
        text = ngettext(
            "%(n)d is in %(name)s already, so it stays where it is.",
            "%(n)d are in %(name)s already, so they stay where they are.",
            asked - count,
        )
        messages.warning(request, text % {"n": asked - count, "name": target.name})


def _chosen(request: HttpRequest, ids: list[str]) -> QuerySet[Document]:
    valid = [UUID(pk) for pk in ids[:MOST_CHOSEN] if _is_uuid(pk)]
    return Document.objects.visible_to(request.user).filter(pk__in=valid)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
