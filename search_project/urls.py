"""The root URL configuration."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import Http404
from django.urls import include, path, re_path
from django.views.decorators.http import require_POST
from django.views.defaults import page_not_found
from django.views.generic import RedirectView
from django.views.i18n import set_language

from documents.api.errors import unknown_address
from search_project import health

handler400 = "documents.upload_limits.bad_request"
handler429 = "frontend.account.too_many_requests.too_many_requests"
handler500 = "documents.api.errors.server_error"

# Second factors are asked for on the pages that limit and log it.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    # The admin's own form limits no tries and logs none.
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    # Instead of the admin's, which tells all staff whether an id is one of a hidden document.
    re_path(r"^admin/r/", page_not_found, {"exception": Http404()}),
    path("admin/", admin.site.urls),
    path("api/v1/", include("documents.urls")),
    path("api/v1/", include("retrieval.urls")),
    re_path(r"^api/", unknown_address),
    path("language/", require_POST(set_language), name="set_language"),
    path("", include("frontend.urls")),
]
