"""Pins: made on the page of results or on the collection's, moved, taken away and back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from documents.auth import access
from documents.models import Document
from frontend.curation.forms import PinForm
from frontend.curation.synonym_views import render_curation
from frontend.messages import translate_message
from frontend.redirects import return_url
from retrieval.curation import PinError, move_pin, pin_document, pin_in, pin_of, unpin
from retrieval.models import Pin

# Where the session keeps the pin that was taken away last.
LAST_UNPINNED = "unpinned"
UNDO_TAG = "undo-pin"


@login_required
@require_POST
def add_pin(request: HttpRequest, slug: str) -> HttpResponse:
    """Pins a document of the collection for a query."""
    found = access.edited_collection(request.user, slug)
    form = PinForm(found, request.POST)
    if form.is_valid():
        document, query = form.cleaned_data["document"], form.cleaned_data["query"]
        try:
            pin_document(document, query, request.user)
        except PinError as problem:
            form.add_error("query", translate_message(problem.message))
        else:
            return redirect(_pins_of(slug))
    return render_curation(request, found, form=form)


@login_required
@require_POST
def change_pin(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Moves a pin one place up, or takes it away."""
    pin = pin_in(access.edited_collection(request.user, slug), pk)
    if pin is None:
        raise Http404
    back = _pins_of(slug)
    if "remove" in request.POST:
        _unpin(request, pin, back)
    elif "up" in request.POST:
        move_pin(pin, max(1, pin.place - 1), request.user)
    return redirect(back)


@login_required
@require_POST
def pin_result(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Pins a result for the query that found it, or takes the pin away."""
    document = access.edited_document(request.user, pk)
    query, back = request.POST.get("query", ""), return_url(request, "search")
    pin = pin_of(document, query)
    if request.POST.get("pinned") != "no":
        _pin(request, document, query)
    elif pin is not None:
        _unpin(request, pin, back)
    return redirect(back)


@login_required
@require_POST
def undo_unpinning(request: HttpRequest) -> HttpResponse:
    """Pins again, in its place, what the caller unpinned last in this session."""
    last = request.session.pop(LAST_UNPINNED, None)
    if last is None:
        return redirect("library")
    document = access.edited_document(request.user, UUID(last["document"]))
    if pin := _pin(request, document, last["query"]):
        move_pin(pin, last["place"], request.user)
    return redirect(last["back"])


def _pins_of(slug: str) -> str:
    return reverse("curation", args=[slug]) + "#pins"


def _pin(request: HttpRequest, document: Document, query: str) -> Pin | None:
    """The pin; None, and a message, where there can be none."""
    try:
        return pin_document(document, query, request.user)
    except PinError as problem:
        messages.error(request, translate_message(problem.message))
        return None


def _unpin(request: HttpRequest, pin: Pin, back: str) -> None:
    """Takes a pin away and says so, with a button that takes it back."""
    document = pin.document
    place = {"document": str(document.pk), "query": pin.typed, "place": pin.place, "back": back}
    unpin(pin, request.user)
    request.session[LAST_UNPINNED] = place
    text = _("“%(title)s” is not pinned to “%(query)s” any more.")
    said = text % {"title": document.title, "query": pin.typed}
    messages.success(request, said, extra_tags=UNDO_TAG)
