"""Every page, by the name of its picture."""

from tests.live import LiveStack

PUBLIC = {
    "start": "/",
    "results": "/?q=when+do+the+gates+close+in+a+storm+surge",
    "filtered": "/?q=harbour&type=md&mode=lexical",
    "nothing": "/?q=xylophone&mode=lexical",
    "sign-in": "/account/login/",
    "not-found": "/nowhere/",
}
PRIVATE = {
    "start-signed-in": "/",
    "library": "/documents/",
    "upload": "/upload/",
    "status": "/status/?live=off",
    "account": "/account/",
    "password": "/account/password/",
}


def everything(stack: LiveStack) -> dict[str, tuple[str, bool]]:
    """Address and whether to sign in, for each page; those of a document by one of them."""
    rows = stack.query("SELECT id FROM documents_document WHERE title LIKE 'Tides%%'")
    address = f"/documents/{rows[0][0]}/"
    dues = stack.query("SELECT id FROM documents_document WHERE filename = 'Harbour dues.pdf'")
    place = "?start=700&end=930&also=250-420&q=storm+surge#passage"
    return {
        **{name: (path, False) for name, path in PUBLIC.items()},
        **{name: (path, True) for name, path in PRIVATE.items()},
        "document": (f"{address}{place}", True),
        "pages": (f"/documents/{dues[0][0]}/?start=200&end=700&q=dues#passage", True),
        "delete": (f"{address}delete", True),
    }
