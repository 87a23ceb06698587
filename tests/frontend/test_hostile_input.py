"""A NUL, which PostgreSQL takes in no text, in every field that a page reads."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from documents.models import Collection, Document
from tests.frontend.conftest import Written

pytestmark = pytest.mark.volume  # some hundred requests

NUL = "a\0b"
ASKED = {
    "/": ["q", "mode", "collection", "type", "language", "year", "metadata", "page", "search_id"],
    "/search/answers": ["q", "collection", "search_id"],
    "/search/suggest": ["q"],
    "/documents/": ["collection", "state", "title", "sort", "page"],
    "/documents/states": ["id"],
    "/documents/{id}/": ["start", "end", "also", "q", "view", "page"],
    "/upload/": ["collection"],
    "/account/login/": ["next"],
    "/documents/trash": ["page"],
    "/status/": ["by", "live"],
    "/audit/": ["action", "actor", "since", "until", "text", "page"],
    "/admin/documents/document/": ["q", "state__exact", "collection__id__exact", "type", "o", "p"],
    "/admin/documents/apitoken/": ["q", "scope__exact"],
    "/admin/retrieval/searchlog/": ["days"],
}
SENT = {
    "/search/judge": ["query", "document", "relevant", "back"],
    "/search/opened": ["search_id", "document"],
    "/documents/bulk": ["id", "action", "target", "back", "confirmed"],
    "/documents/trash/bulk": ["id", "action", "confirmed"],
    "/collections/new": ["name", "language", "visibility", "internal_role"],
    "/collections/shared/members": ["name", "role"],
    "/upload/": ["collection", "path"],
    "/account/": ["name", "scope", "days", "collections"],
    "/account/login/": ["login", "password", "next"],
    "/account/confirm/": ["password", "next"],
    "/account/password/": ["oldpassword", "password1", "password2", "keep_tokens"],
    "/language/": ["language", "next"],
    "/admin/documents/document/": ["action", "_selected_action", "index"],
    "/admin/documents/document/upload/": ["collection"],
    "/admin/documents/collection/add/": ["name", "slug", "language", "visibility", "facet_fields"],
}
KNOWN = {
    "q": "tides", "mode": "lexical", "query": "tides", "relevant": "yes", "collection": "shared",
    "action": "move", "target": "shared", "login": "ada", "password": "lantern-night",
    "name": "Import", "scope": "read", "days": "30", "collections": "shared", "language": "de",
    "visibility": "internal", "internal_role": "reader", "role": "reader",
    "oldpassword": "lantern-night", "password1": "moonlit-harbour", "password2": "moonlit-harbour",
}  # fmt: skip


@pytest.fixture
def tides(shared: Collection, written: Written) -> Document:
    return written("Tides", shared, "Moon.")


@pytest.mark.parametrize(
    ("method", "path", "field"),
    [
        pytest.param(method, path, field, id=f"{method} {path} {field}")
        for method, pages in (("GET", ASKED), ("POST", SENT))
        for path, fields in pages.items()
        for field in fields
    ],
)
def test_no_field_with_a_nul_is_a_fault_of_ours(
    ada: User, tides: Document, method: str, path: str, field: str
) -> None:
    User.objects.filter(pk=ada.pk).update(is_staff=True, is_superuser=True)
    known = {**KNOWN, "id": str(tides.pk), "document": str(tides.pk)}
    fields = {name: known.get(name, "1") for name in (ASKED if method == "GET" else SENT)[path]}
    page = Client()
    if path != "/account/login/":  # which shows those who are signed in elsewhere
        page.force_login(ada)
        page.post("/account/confirm/", {"password": "lantern-night"})
    send = page.get if method == "GET" else page.post
    answer = send(path.format(id=tides.pk), fields | {field: NUL})
    assert answer.status_code < 500
