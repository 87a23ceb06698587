"""The upload page: a form for many files, and the requests of its script."""

import json
from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from documents.extraction import accepted_files, listed_formats
from documents.messages import alternatives
from documents.models import Document
from frontend.page_methods import require_safe_or_post
from frontend.upload.forms import UploadForm, handle_upload, state_of
from frontend.upload.js_strings import upload_strings

MOST_STATES = 1000


@login_required
@require_safe_or_post
def upload(request: HttpRequest) -> HttpResponse:
    """The page; a POST with files returns their outcomes, as JSON for the script."""
    if request.method != "POST":
        return _page(request, UploadForm(request.user))
    form = UploadForm(request.user, request.POST)
    files = request.FILES.getlist("files")
    wants_json = request.accepts("application/json") and not request.accepts("text/html")
    if not form.is_valid() or not files:
        problem = _("Choose at least one file and a collection that you may add to.")
        if wants_json:
            return JsonResponse({"error": problem}, status=400)
        return _page(request, form, problem)
    place = form.cleaned_data
    user = cast(User, request.user)
    done = [handle_upload(file, place["collection"], place["path"], user) for file in files]
    if wants_json:
        return JsonResponse({"files": [outcome.as_json() for outcome in done]})
    return render(request, "frontend/upload/result.html", {"outcomes": done})


def _page(request: HttpRequest, form: UploadForm, problem: str = "") -> HttpResponse:
    context = {
        "form": form,
        "problem": problem,
        "chosen": request.POST.get("collection") or request.GET.get("collection") or "documents",
        "limit_mb": settings.MAX_UPLOAD_MB,
        "most_files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
        "formats": alternatives(listed_formats(), _),
        "accepted": accepted_files(),
        "strings": upload_strings(settings.MAX_UPLOAD_MB),
    }
    status = 400 if problem else 200
    return render(request, "frontend/upload/page.html", context, status=status)


@login_required
@require_POST
def upload_states(request: HttpRequest) -> JsonResponse:
    """The states of up to 1,000 documents at once: `{"ids": [...]}` in, `{"states": [...]}` out."""
    try:
        ids = [UUID(str(pk)) for pk in json.loads(request.body)["ids"][:MOST_STATES]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"error": _("Send a list of document ids.")}, status=400)
    documents = Document.objects.visible_to(request.user).filter(pk__in=ids)
    rows = [state_of(document) for document in documents.select_related("collection")]
    return JsonResponse({"states": rows})
