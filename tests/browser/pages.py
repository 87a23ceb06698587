"""Every page, by the name of its picture."""

from functools import partial

from django.contrib.auth.models import AnonymousUser
from django.shortcuts import render
from django.test import RequestFactory, override_settings
from playwright.sync_api import Page, Route

from documents.upload_limits import too_many
from tests.browser.harbour import DUES, TIDES
from tests.live import LiveStack

PUBLIC = {
    "start": "/",
    "results": "/?q=when+do+the+gates+close+in+a+storm+surge",
    "filtered": "/?q=harbour&type=md&mode=lexical",
    "doubtful": "/?q=football+championship",
    "suggestion": "/?q=lighthuose+lamp",
    "nothing": '/?q="lamp+paraffin"&type=pdf',
    "sign-in": "/account/login/",
    "not-found": "/nowhere/",
}
PRIVATE = {
    "start-signed-in": "/",
    "results-signed-in": "/?q=paraffin+lamp",
    "library": "/documents/",
    "library-empty": "/documents/?state=failed&title=nothing",
    "library-of-one": "/documents/?collection=letters",
    "trash": "/documents/trash",
    "collection": "/collections/letters/",
    "curation": "/collections/letters/curation",
    "synonyms": "/synonyms/",
    "collection-new": "/collections/new",
    "collection-delete": "/collections/letters/delete",
    "upload": "/upload/",
    "status": "/status/?live=off",
    "audit": "/audit/",
    "audit-empty": "/audit/?text=nothing",
    "account": "/account/",
    "password": "/account/password/",
    "sessions": "/account/sessions/",
    "second-factor": "/account/second-factor/",
    "confirm": "/account/confirm/",
    "sign-out": "/account/logout/",
}
# Static files by their own names: nobody collects them for the process of the tests.
PLAIN = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
ERRORS = ("400", "403", "403_csrf", "413", "429", "500")


def everything(stack: LiveStack) -> dict[str, tuple[str, bool]]:
    """Address and whether to sign in, for each page; those of a document by one of them."""
    rows = stack.query("SELECT id FROM documents_document WHERE title LIKE 'Tides%%'")
    address = f"/documents/{rows[0][0]}/"
    dues = stack.query("SELECT id FROM documents_document WHERE filename = 'Harbour dues.pdf'")
    here, also = paragraph("When a storm surge"), paragraph("Vessels that draw")
    place = f"?start={here[0]}&end={here[1]}&also={also[0]}-{also[1]}&q=storm+surge#passage"
    pdf = f"/documents/{dues[0][0]}/?start=0&end={DUES[0].index('A vessel')}&q=dues"
    return {
        **{name: (path, False) for name, path in PUBLIC.items()},
        **{f"error-{name}": (f"/error/{name}", False) for name in ERRORS},
        **{name: (path, True) for name, path in PRIVATE.items()},
        "similar": (f"/?q=like:{rows[0][0]}", True),
        "document": (f"{address}{place}", True),
        "pages": (f"{pdf}#passage", True),
        "pages-as-text": (f"{pdf}&view=text#passage", True),
        "delete": (f"{address}delete", True),
    }


def paragraph(beginning: str) -> tuple[int, int]:
    """Where it starts and ends in the text of the tides."""
    start = TIDES.index(beginning)
    return start, TIDES.index("\n\n", start) if "\n\n" in TIDES[start:] else len(TIDES) - 1


def with_errors(page: Page) -> None:
    """Pages that only a fault brings about are shown at /error/..., as the product renders them."""
    for name, html in errors():
        page.route(f"**/error/{name}", partial(Route.fulfill, body=html))


@override_settings(STORAGES=PLAIN)
def errors() -> list[tuple[str, str]]:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    context = {"message": too_many(), "seconds": 8}
    return [(name, render(request, f"{name}.html", context).content.decode()) for name in ERRORS]
