"""What is sent for each operation of the table: the address of the object, a query, a body."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from allauth.usersessions.models import UserSession
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile

from documents.models import ApiToken
from retrieval.models import SynonymList
from tests.permissions.sample import Sample
from tests.permissions.table import API, Operation

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
WORDS_OF_ALL = "blossoms garden"


@dataclass(frozen=True)
class Act:
    """An operation upon one kind of object by one caller."""

    operation: Operation
    which: str
    caller: str
    sample: Sample

    @property
    def document(self) -> str:
        return str(self.sample.document(self.caller, self.which))

    @property
    def address(self) -> str:
        return PARAMETER.sub(lambda match: str(self._value(match[1])), self.operation.address)

    def _value(self, parameter: str) -> object:
        address = self.operation.address
        if address.startswith("/admin/"):
            return self._admin_value(parameter)
        if parameter == "pk" and "<uuid:pk>" in address:
            return self.document
        if parameter == "pk":
            return self._number()
        return {
            "slug": self.sample.collection(self.which).slug,
            "number": 1,
            "form": "csv",
        }[parameter]

    def _number(self) -> int:
        """Of a member, a pin, a token or a session."""
        if "/members/" in self.operation.address:
            return self.sample.member(self.which)
        if "/pins/" in self.operation.address:
            return self.sample.pin(self.which)
        owner = self.caller if self.which == "own" else "someone"
        rows = ApiToken if "/tokens/" in self.operation.address else UserSession
        found = rows.objects.filter(user__username=owner).first()
        return found.pk if found else 0

    def _admin_value(self, parameter: str) -> object:
        document = ContentType.objects.get(app_label="documents", model="document")
        if parameter == "content_type_id":
            return document.pk
        if parameter == "app_label":
            return "documents"
        if parameter == "url":
            return "nowhere"
        app, model = self.operation.address.split("/")[2:4]
        if app == "r" or model == "document":
            return self.sample.documents["restricted", "someone"].pk
        row = ContentType.objects.get(app_label=app, model=model).model_class()
        return row._default_manager.order_by("pk").first().pk


Body = Callable[[Act], dict[str, Any]]


def _target(name: str) -> Body:
    return lambda act: {"collection": name, "confirm": True}


def _ticked(**more: str) -> Body:
    return lambda act: {"id": act.document, **more}


def _named(act: Act) -> dict[str, Any]:
    return {"confirm": act.sample.collection(act.which).name}


def _file() -> SimpleUploadedFile:
    return SimpleUploadedFile("note.txt", b"A note on pears.")


def _new_text(act: Act) -> dict[str, Any]:
    slug = act.sample.collection(act.which).slug
    return {"title": "Pears", "text": "A note on pears.", "collection": slug}


def _rules(act: Act) -> dict[str, Any]:
    """For the page, with the version of the list that they replace."""
    slug = act.sample.collection(act.which).slug if act.which != "any" else None
    stored = SynonymList.objects.filter(collection__slug=slug).first()
    return {"rules": "pear, quince", "version": str(stored.version) if stored else ""}


def _pin(act: Act) -> dict[str, Any]:
    return {"query": "pears", "document": act.document}


COLLECTION = {"name": "Pears", "language": "en", "visibility": "restricted"}
MEMBER = {"name": "newcomer", "role": "reader"}
FOUND = {"q": WORDS_OF_ALL}
PASSWORD = {"login": "someone", "password": "wrong"}

# Parameters of the query.
QUERIES: dict[str, Body] = {
    "GET / (search)": lambda act: FOUND,
    "GET /search/answers": lambda act: FOUND,
    "GET /search/suggest": lambda act: {"q": "bloss"},
    "GET /documents/states": _ticked(),
    f"GET {API}v1/search": lambda act: {**FOUND, "explain": "true"},
    f"GET {API}v1/search (like)": lambda act: {"q": f"like:{act.document}"},
    f"GET {API}v1/autocomplete": lambda act: {"q": "bloss"},
    f"GET {API}v1/documents (trash)": lambda act: {"trash": "1"},
    f"DELETE {API}v1/documents/<uuid:pk> (for good)": lambda act: {"permanent": "1"},
    f"DELETE {API}v1/collections/<slug:slug>": _named,
}
# Bodies: JSON below /api/, else a form.
BODIES: dict[str, Body] = {
    "POST /search/judge": lambda act: {
        "query": "pears", "document": act.document, "relevant": "yes",
    },
    "POST /search/opened": lambda act: {"search_id": "x", "document": act.document},
    "POST /documents/bulk (delete)": _ticked(action="delete", confirmed="1"),
    "POST /documents/bulk (retry)": _ticked(action="retry"),
    "POST /documents/bulk (move to internal)": _ticked(
        action="move", target="internal", confirmed="1"
    ),
    "POST /documents/bulk (move to restricted)": _ticked(action="move", target="restricted"),
    "POST /documents/trash/bulk (restore)": _ticked(action="restore"),
    "POST /documents/trash/bulk (delete for good)": _ticked(action="purge", confirmed="1"),
    "POST /collections/new": lambda act: COLLECTION,
    "POST /collections/<slug:slug>/": lambda act: COLLECTION,
    "POST /collections/<slug:slug>/delete": lambda act: {
        "name": act.sample.collection(act.which).name
    },
    "POST /collections/<slug:slug>/members": lambda act: MEMBER,
    "POST /collections/<slug:slug>/members/<int:pk> (role)": lambda act: {"role": "editor"},
    "POST /collections/<slug:slug>/members/<int:pk> (remove)": lambda act: {"remove": "1"},
    "POST /collections/<slug:slug>/curation": _rules,
    "POST /collections/<slug:slug>/pins": _pin,
    "POST /collections/<slug:slug>/pins/<int:pk> (remove)": lambda act: {"remove": "yes"},
    "POST /documents/<uuid:pk>/pin": lambda act: {"query": "pears", "pinned": "yes"},
    "POST /synonyms/": _rules,
    "POST /upload/": lambda act: {
        "collection": act.sample.collection(act.which).slug, "files": _file(),
    },
    "POST /account/": lambda act: {"name": "mine", "scope": "read", "days": "30"},
    "POST /account/login/": lambda act: PASSWORD,
    "POST /language/": lambda act: {"language": "de"},
    f"POST {API}v1/documents": _new_text,
    f"PATCH {API}v1/documents/<uuid:pk> (title)": lambda act: {"title": "Pears"},
    f"PATCH {API}v1/documents/<uuid:pk> (move to internal)": _target("internal"),
    f"PATCH {API}v1/documents/<uuid:pk> (move to restricted)": _target("restricted"),
    f"PATCH {API}v1/documents/<uuid:pk> (move unconfirmed)": lambda act: {
        "collection": "internal"
    },
    f"POST {API}v1/judgements": lambda act: {
        "query": "pears", "document": act.document, "relevant": True,
    },
    f"POST {API}v1/collections": lambda act: COLLECTION,
    f"PATCH {API}v1/collections/<slug:slug>": lambda act: {"name": "Pears"},
    f"POST {API}v1/collections/<slug:slug>/members": lambda act: {
        "user": "newcomer", "role": "reader",
    },
    f"PATCH {API}v1/collections/<slug:slug>/members/<int:pk>": lambda act: {"role": "editor"},
    f"PUT {API}v1/synonyms": _rules,
    f"PUT {API}v1/collections/<slug:slug>/synonyms": _rules,
    f"POST {API}v1/collections/<slug:slug>/pins": _pin,
    f"PATCH {API}v1/collections/<slug:slug>/pins/<int:pk>": lambda act: {"place": 2},
}  # fmt: skip
# The body of /upload/states is JSON though it is a page's.
JSON_BODIES: dict[str, Body] = {"POST /upload/states": lambda act: {"ids": [act.document]}}


def parts_of(act: Act) -> tuple[str, dict[str, Any], bool]:
    """The address with its query, the body, and whether that is JSON."""
    key = str(act.operation)
    query = QUERIES[key](act) if key in QUERIES else {}
    json = act.operation.address.startswith(API) or key in JSON_BODIES
    body = (BODIES | JSON_BODIES).get(key)
    is_form = act.operation.address.startswith("/admin/") and body is None
    sent = body(act) if body else {"post": "yes"} if is_form else {}
    return act.address + (f"?{urlencode(query)}" if query else ""), sent, json
