"""The audit log, for those who have the permission to view its events."""

from tempfile import TemporaryFile

from django.conf import settings
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from documents.models import AuditEvent
from frontend.audit.event_params import EventListParams
from frontend.audit.export import FORMATS

PAGE_SIZE = 50
ROWS_AT_ONCE = 1000
may_view = permission_required("documents.view_auditevent", raise_exception=True)


@require_safe
@login_required
@may_view
@never_cache
def audit(request: HttpRequest) -> HttpResponse:
    chosen = EventListParams.read(request.GET)
    page = Paginator(chosen.events(), PAGE_SIZE).get_page(chosen.page)
    context = {
        "chosen": chosen,
        "page": page,
        "actions": AuditEvent.Action.choices,
        "earlier": chosen.url_for_page(page.number - 1) if page.has_previous() else "",
        "later": chosen.url_for_page(page.number + 1) if page.has_next() else "",
    }
    return render(request, "frontend/audit/page.html", context)


@require_safe
@login_required
@may_view
@never_cache
def audit_export(request: HttpRequest, form: str) -> FileResponse:
    """All events that the page would show, as a file.

    It is on disk before it is sent, so that a log of any length takes no memory, and a slow client
    neither a thread nor a connection to the database.
    """
    if form not in FORMATS:
        raise Http404
    content_type, lines = FORMATS[form]
    events = EventListParams.read(request.GET).events().iterator(chunk_size=ROWS_AT_ONCE)
    name = f"audit-{timezone.localdate().isoformat()}.{form}"
    file = TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115, the response closes it
    file.writelines(line.encode() for line in lines(events))
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=name, content_type=f"{content_type}; charset=utf-8"
    )
