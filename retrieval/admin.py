"""Search logs and judgements in the admin, read-only."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from retrieval.feedback import search_report
from retrieval.models import Judgement, SearchLog

PERIODS = (7, 30, 90)


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SearchLog)
class SearchesAdmin(ReadOnly):
    """Shows a report on searches instead of a list of rows."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        text = request.GET.get("days", "")
        days = int(text) if text in map(str, PERIODS) else 30
        context = {
            **self.admin_site.each_context(request),
            "title": "Searches",
            "opts": self.opts,
            "learned": search_report(days),
            "periods": PERIODS,
            "logging": settings.QUERY_LOG,
            "kept_days": settings.QUERY_LOG_DAYS,
        }
        return TemplateResponse(request, "admin/retrieval/searches.html", context)


@admin.register(Judgement)
class JudgementAdmin(ReadOnly):
    list_display = ("query", "document", "relevant", "user", "created_at")
    list_filter = ("relevant", "created_at")
    search_fields = ("query", "document__title")
    list_select_related = ("document", "user")
    ordering = ("-created_at",)
