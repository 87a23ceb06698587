"""Addresses of the pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path

from frontend.account import views as account_views
from frontend.collection import views as collection_views
from frontend.document import views as document_views
from frontend.library import trash_views
from frontend.library import views as library_views
from frontend.search import views as search_views
from frontend.status import views as status_views
from frontend.upload import views as upload_views


def icon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it by this name on pages that name none: those of the admin and the API."""
    return redirect(static("frontend/icon.svg"))


urlpatterns = [
    path("favicon.ico", icon),
    path("", search_views.search, name="search"),
    path("search/answers", search_views.answers, name="search_answers"),
    path("search/judge", search_views.judge, name="search_judge"),
    path("search/opened", search_views.opened, name="search_opened"),
    path("search/suggest", search_views.suggest, name="search_suggest"),
    path("documents/", library_views.library, name="library"),
    path("documents/states", library_views.library_states, name="library_states"),
    path("documents/bulk", library_views.bulk, name="library_bulk"),
    path("documents/trash", trash_views.trash, name="trash"),
    path("documents/trash/bulk", trash_views.trash_bulk, name="trash_bulk"),
    path("documents/trash/undo", trash_views.undo_deletion, name="trash_undo"),
    path("documents/<uuid:pk>/", document_views.document, name="document"),
    path("documents/<uuid:pk>/similar", document_views.similar, name="document_similar"),
    path("documents/<uuid:pk>/state", document_views.state, name="document_state"),
    path(
        "documents/<uuid:pk>/pages/<int:number>.webp",
        document_views.page_picture,
        name="document_page",
    ),
    path("documents/<uuid:pk>/original", document_views.original, name="document_original"),
    path("documents/<uuid:pk>/retry", document_views.retry, name="document_retry"),
    path("documents/<uuid:pk>/delete", document_views.delete, name="document_delete"),
    path("collections/new", collection_views.new_collection, name="collection_new"),
    path("collections/<slug:slug>/", collection_views.collection_page, name="collection"),
    path(
        "collections/<slug:slug>/delete",
        collection_views.remove_collection,
        name="collection_delete",
    ),
    path(
        "collections/<slug:slug>/members",
        collection_views.add_collection_member,
        name="collection_members",
    ),
    path(
        "collections/<slug:slug>/members/<int:pk>",
        collection_views.change_collection_member,
        name="collection_member",
    ),
    path("upload/", upload_views.upload, name="upload"),
    path("upload/states", upload_views.upload_states, name="upload_states"),
    path("status/", status_views.status, name="status"),
    path("account/", account_views.account, name="account"),
    path("account/tokens/<int:pk>/revoke", account_views.revoke, name="token_revoke"),
    path("account/login/", account_views.SignIn.as_view(), name="login"),
    path("account/logout/", account_views.SignOut.as_view(), name="logout"),
    path("account/password/", account_views.ChangePassword.as_view(), name="password_change"),
]
