"""URLs of the pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path
from django.views.decorators.http import require_safe

from frontend.account import views as account_views
from frontend.audit import views as audit_views
from frontend.collection import views as collection_views
from frontend.curation import pin_views, synonym_views
from frontend.document import views as document_views
from frontend.library import trash_views
from frontend.library import views as library_views
from frontend.search import views as search_views
from frontend.status import views as status_views
from frontend.upload import views as upload_views


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """The favicon: browsers request it by this name for pages without a link, as of the admin."""
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
    path("collections/<slug:slug>/curation", synonym_views.collection_curation, name="curation"),
    path("collections/<slug:slug>/pins", pin_views.add_pin, name="pins"),
    path("collections/<slug:slug>/pins/<int:pk>", pin_views.change_pin, name="pin"),
    path("documents/<uuid:pk>/pin", pin_views.pin_result, name="document_pin"),
    path("pins/undo", pin_views.undo_unpinning, name="pin_undo"),
    path("synonyms/", synonym_views.installation_synonyms, name="synonyms"),
    path("upload/", upload_views.upload, name="upload"),
    path("upload/states", upload_views.upload_states, name="upload_states"),
    path("status/", status_views.status, name="status"),
    path("audit/", audit_views.audit, name="audit"),
    path("audit/events.<slug:form>", audit_views.audit_export, name="audit_export"),
    path("account/", account_views.account, name="account"),
    path("account/searches/clear", account_views.clear_own_searches, name="searches_clear"),
    path("account/tokens/revoke", account_views.revoke_all, name="tokens_revoke"),
    path("account/tokens/<int:pk>/revoke", account_views.revoke, name="token_revoke"),
    path("account/sessions/", account_views.sessions, name="sessions"),
    path("account/sessions/end", account_views.end_other_sessions, name="sessions_end_others"),
    path("account/sessions/<int:pk>/end", account_views.end_session, name="session_end"),
    path("account/", include("frontend.account.allauth_urls")),
]
