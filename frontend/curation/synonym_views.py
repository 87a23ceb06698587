"""The page of a collection's synonyms and pins, and that of the installation's synonyms."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from documents.auth import access
from documents.models import Collection
from frontend.curation.forms import PinForm
from frontend.messages import translate_message
from frontend.page_methods import require_safe_or_post
from retrieval.curation import (
    SynonymError,
    SynonymsChanged,
    may_edit_installation,
    pins_in,
    save_synonyms,
    stored_synonyms,
)


@login_required
@require_safe_or_post
def collection_curation(request: HttpRequest, slug: str) -> HttpResponse:
    """Synonyms and pins; sent, the synonyms are saved."""
    found = access.edited_collection(request.user, slug)
    if request.method == "POST":
        return _save(request, found) or redirect("curation", slug)
    return render_curation(request, found)


@login_required
@require_safe_or_post
def installation_synonyms(request: HttpRequest) -> HttpResponse:
    """The synonyms that apply everywhere; sent, they are saved."""
    if not may_edit_installation(request.user):
        raise PermissionDenied
    if request.method == "POST":
        return _save(request, None) or redirect("synonyms")
    return render_curation(request, None)


def render_curation(
    request: HttpRequest,
    collection: Collection | None,
    *,
    typed: str | None = None,
    problems: list[str] | None = None,
    form: PinForm | None = None,
) -> HttpResponse:
    """The page, with what was `typed` where it was not saved, and why."""
    stored = stored_synonyms(collection)
    context: dict[str, Any] = {
        "collection": collection,
        "synonyms": stored,
        "rules": stored.rules if typed is None else typed,
        "undoable": stored.previous != stored.rules,
        "problems": problems,
        "may_edit_installation": may_edit_installation(request.user),
    }
    if collection is not None:
        context |= {"pins": pins_in(collection), "pin_form": form or PinForm(collection)}
    status = 400 if problems or (form and form.errors) else 200
    return render(request, "frontend/curation/page.html", context, status=status)


def _save(request: HttpRequest, collection: Collection | None) -> HttpResponse | None:
    """None once the rules, or those before the last change, are stored."""
    undo = "undo" in request.POST
    typed = stored_synonyms(collection).previous if undo else request.POST.get("rules", "")
    version = request.POST.get("version", "")
    try:
        save_synonyms(collection, typed, request.user, based_on=version)
    except SynonymError as problem:
        problems = [translate_message(message) for message in problem.messages]
    except SynonymsChanged as problem:
        problems = [translate_message(problem.message)]
    else:
        saved = _("The last change was undone.") if undo else _("The synonyms were saved.")
        messages.success(request, saved)
        return None
    return render_curation(request, collection, typed=None if undo else typed, problems=problems)
