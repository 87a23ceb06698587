"""The library: the list of documents, and actions on several of them."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from documents.errors import ConfirmationMissing
from documents.library import IntakeError, QueueUnavailable, move_documents, retry_documents
from documents.messages import Message
from documents.models import Collection, Document, Role
from documents.models.permissions import DocumentQuerySet, may_create_collections
from frontend.library.list_params import ORDERS, PAGE_SIZE, STATES, UNFINISHED, DocumentListParams
from frontend.library.ticked import document_ids_in
from frontend.library.trash_views import trash_with_undo
from frontend.messages import translate_message
from frontend.redirects import return_url
from retrieval.curation import may_edit_installation

STOP_POLLING = 286


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    params = DocumentListParams.read(request.GET)
    page = Paginator(params.documents(request.user), PAGE_SIZE).get_page(params.page)
    targets = Collection.objects.with_role(request.user, Role.CONTRIBUTOR)
    rows = Document.objects.filter(pk__in=[one.pk for one in page])
    changeable = rows.changeable_by(request.user) | rows.deletable_by(request.user)
    context = {
        "params": params,
        "page": page,
        "writable": set(changeable.values_list("pk", flat=True)),
        "targets": targets,
        "collections": Collection.objects.visible_to(request.user),
        "may_create": may_create_collections(request.user),
        "managed": _collection_where(request, Role.OWNER, params.collection),
        "edited": _collection_where(request, Role.EDITOR, params.collection),
        "may_edit_synonyms": may_edit_installation(request.user) and not params.collection,
        "states": [(key, one[0]) for key, one in STATES.items()],
        "orders": [(key, one[0]) for key, one in ORDERS.items()],
        "waiting": [one.pk for one in page if one.state in UNFINISHED],
        "earlier": params.url_for_page(page.number - 1) if page.has_previous() else "",
        "later": params.url_for_page(page.number + 1) if page.has_next() else "",
    }
    return render(request, "frontend/library/page.html", context)


def _collection_where(request: HttpRequest, role: Role, slug: str) -> Collection | None:
    """The collection that the list is narrowed to, if the caller has the role there."""
    own = Collection.objects.with_role(request.user, role)
    return own.filter(slug=slug).first() if slug else None


@require_safe
def library_states(request: HttpRequest) -> HttpResponse:
    """The states of the named documents, which a page polls until all are final."""
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
    """Retries, moves or deletes the documents ticked, of those that the caller may."""
    chosen = _chosen(request, request.POST.getlist("id"))
    action, back = request.POST.get("action", ""), return_url(request, "library")
    try:
        page = ACTIONS[action](request, chosen, back) if action in ACTIONS else None
    except (IntakeError, QueueUnavailable) as error:
        messages.error(request, translate_message(error.message))
        page = None
    return page or redirect(back)


def _delete(request: HttpRequest, chosen: DocumentQuerySet, back: str) -> HttpResponse | None:
    documents = chosen.deletable_by(request.user).filter(parent=None)
    if not documents:
        _say_nothing_done(request, chosen, _("Tick the documents first."))
        return None
    if not request.POST.get("confirmed"):
        context = {"documents": documents, "back": back, "days": settings.TRASH_DAYS}
        return render(request, "frontend/library/delete.html", context)
    trash_with_undo(request, documents)
    return None


def _retry(request: HttpRequest, chosen: DocumentQuerySet, _back: str) -> HttpResponse | None:
    documents = chosen.changeable_by(request.user)
    if not documents:
        messages.error(request, _("Tick the documents first."))
        return None
    count = retry_documents(documents)
    text = ngettext("%(n)d document is tried again.", "%(n)d documents are tried again.", count)
    messages.success(request, text % {"n": count})
    return None


def _move(request: HttpRequest, chosen: DocumentQuerySet, back: str) -> HttpResponse | None:
    slug = request.POST.get("target", "")
    open_to_user = Collection.objects.with_role(request.user, Role.CONTRIBUTOR)
    target = open_to_user.filter(slug=slug).first()
    if target is None:
        messages.error(request, _("Choose the collection to move them to."))
        return None
    documents = chosen.movable_by(request.user, target).filter(parent=None)
    if not documents:
        _say_nothing_done(request, chosen, _("You may not move these documents there."))
        return None
    asked = len(documents.exclude(collection=target))
    confirmed = bool(request.POST.get("confirmed"))
    try:
        count = move_documents(documents, target, request.user, confirmed=confirmed)
    except ConfirmationMissing:
        context = {"documents": documents, "target": target, "back": back}
        return render(request, "frontend/library/move.html", context)
    _report_move(request, target, count, asked - count)
    return None


def _say_nothing_done(request: HttpRequest, chosen: DocumentQuerySet, otherwise: str) -> None:
    """Why none of the documents ticked was moved or deleted."""
    has_parts = chosen.filter(parent__isnull=False).exists()
    part = translate_message(Message("moves_with_parent"))
    messages.error(request, part if has_parts else otherwise)


def _report_move(request: HttpRequest, target: Collection, moved: int, left: int) -> None:
    text = ngettext(
        "%(n)d document was moved to %(name)s.", "%(n)d documents were moved to %(name)s.", moved
    )
    messages.success(request, text % {"n": moved, "name": target.name})
    if left:
        text = ngettext(
            "%(n)d is in %(name)s already, so it stays where it is.",
            "%(n)d are in %(name)s already, so they stay where they are.",
            left,
        )
        messages.warning(request, text % {"n": left, "name": target.name})


ACTIONS = {"delete": _delete, "retry": _retry, "move": _move}


def _chosen(request: HttpRequest, ids: list[str]) -> DocumentQuerySet:
    return Document.objects.visible_to(request.user).filter(pk__in=document_ids_in(ids))
