"""Addresses of the pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path

from frontend.views import account, library, reading, search, status, uploading


def icon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it by this name on pages that name none: those of the admin and the API."""
    return redirect(static("frontend/icon.svg"))


urlpatterns = [
    path("favicon.ico", icon),
    path("", search.search, name="search"),
    path("answers", search.answers, name="answers"),
    path("judge", search.judge, name="judge"),
    path("opened", search.opened, name="opened"),
    path("suggest", search.suggest, name="suggest"),
    path("documents/", library.library, name="library"),
    path("documents/states", library.states, name="library_states"),
    path("documents/bulk", library.bulk, name="library_bulk"),
    path("documents/<uuid:pk>/", reading.document, name="document"),
    path("documents/<uuid:pk>/similar", reading.similar, name="document_similar"),
    path("documents/<uuid:pk>/state", reading.state, name="document_state"),
    path("documents/<uuid:pk>/pages/<int:number>.webp", reading.page_picture, name="document_page"),
    path("documents/<uuid:pk>/original", reading.original, name="document_original"),
    path("documents/<uuid:pk>/retry", reading.retry, name="document_retry"),
    path("documents/<uuid:pk>/delete", reading.delete, name="document_delete"),
    path("upload/", uploading.upload, name="upload"),
    path("upload/states", uploading.states, name="upload_states"),
    path("status/", status.status, name="status"),
    path("account/", account.account, name="account"),
    path("account/tokens/<int:pk>/revoke", account.revoke, name="token_revoke"),
    path("account/login/", account.SignIn.as_view(), name="login"),
    path("account/logout/", account.SignOut.as_view(), name="logout"),
    path("account/password/", account.ChangePassword.as_view(), name="password_change"),
]
