"""URLs of the API of collections and documents, of its schema and its documentation page."""

from django.urls import path

from documents.api import collections, documents, downloads, openapi_views

urlpatterns = [
    path("collections", collections.CollectionsView.as_view(), name="api_collections"),
    path("collections/<slug:slug>", collections.CollectionView.as_view(), name="api_collection"),
    path("collections/<slug:slug>/members", collections.MembersView.as_view(), name="api_members"),
    path(
        "collections/<slug:slug>/members/<int:pk>",
        collections.MemberView.as_view(),
        name="api_member",
    ),
    path("documents", documents.DocumentsView.as_view(), name="api_documents"),
    path("documents/<uuid:pk>", documents.DocumentView.as_view(), name="api_document"),
    path("documents/<uuid:pk>/state", documents.DocumentStateView.as_view(), name="api_state"),
    path("documents/<uuid:pk>/text", documents.TextView.as_view(), name="api_text"),
    path("documents/<uuid:pk>/original", downloads.OriginalView.as_view(), name="api_original"),
    path("documents/<uuid:pk>/restore", documents.RestoreView.as_view(), name="api_restore"),
    path("documents/<uuid:pk>/retry", documents.RetryView.as_view(), name="api_retry"),
    path("schema", openapi_views.SchemaView.as_view(), name="api_schema"),
    path("docs", openapi_views.DocsView.as_view(), name="api_docs"),
]
