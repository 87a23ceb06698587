"""The status page, for staff that may see every document."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from documents.ingestion import documents_by_state
from documents.models import Document
from documents.models.permissions import may_view_searches, may_view_status
from frontend.status import charts
from retrieval.search import index_sizes, slowest_searches


@require_safe
@login_required
@never_cache
def status(request: HttpRequest) -> HttpResponse:
    """The page; htmx gets the part of it that changes."""
    if not may_view_status(request.user):
        raise PermissionDenied
    by = "day" if request.GET.get("by") == "day" else "hour"
    counts = documents_by_state()
    context = {
        "by": by,
        "live": request.GET.get("live") != "off",
        "waiting": charts.waiting(),
        "states": [(state, counts[state]) for state in Document.State],
        "plots": charts.plots(by),
        "checks": charts.checks(),
        "sizes": index_sizes(),
        "slowest": slowest_searches() if may_view_searches(request.user) else None,
        "width": charts.WIDTH,
        "height": charts.HEIGHT,
    }
    part = "numbers" if request.htmx else "page"  # type: ignore[attr-defined]
    return render(request, f"frontend/status/{part}.html", context)
