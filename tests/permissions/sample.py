"""A small installation with a caller of each kind, and a thing of each kind to act upon."""

import hashlib
import shutil
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from documents import storage
from documents.auth import api_tokens
from documents.ingestion import heartbeat
from documents.models import (
    ApiToken,
    Collection,
    CollectionMember,
    Document,
    Extraction,
    TokenScope,
)
from retrieval.curation import pin_document, pins_in, save_synonyms
from retrieval.models import Judgement, SearchLog
from tests.environment import BASE_DIR
from tests.permissions.table import API_CALLERS, PAGE_CALLERS
from tests.retrieval.conftest import publish

ORIGINAL = BASE_DIR / "docs/examples/keeping-bees.pdf"
VISIBILITIES = ("public", "internal", "restricted")
MEMBERS = ("reader", "contributor", "editor", "owner")
# Words that stand in the names, titles and texts of a collection and nowhere else: whoever may not
# see it must meet none of them in any answer.
WORDS = {
    "public": "Pomegranate",
    "internal": "Ironwood",
    "restricted": "Rosemary",
    "trashed": "Tamarind",  # in the restricted collection, by someone else
}
INTERNAL = {"public", "internal"}
SEEN_BY: dict[str, set[str]] = {
    "anonymous": {"public"},
    "stranger": INTERNAL,
    "staff": INTERNAL,
    "reader": INTERNAL | {"restricted"},
    "contributor": INTERNAL | {"restricted"},
    **{name: {*WORDS} for name in ("editor", "owner", "admin", *API_CALLERS)},
    "limited token": {"internal"},
}


@dataclass
class Sample:
    people: dict[str, User] = field(default_factory=dict)
    # Cookies and headers, by caller.
    credentials: dict[str, tuple[dict[str, str], dict[str, str]]] = field(default_factory=dict)
    collections: dict[str, Collection] = field(default_factory=dict)
    documents: dict[tuple[str, str], Document] = field(default_factory=dict)

    def person(self, caller: str) -> str:
        """Whose documents are a caller's own: those of a token's user; nobody has none."""
        return "owner" if caller in API_CALLERS else caller

    def document(self, caller: str, which: str) -> UUID:
        """Somebody's or the caller's own, or an id that is none."""
        if which == "missing":
            return uuid4()
        kind, _, own = which.partition(" ")
        owned = self.documents.get((kind, self.person(caller)))
        return (owned if own and owned else self.documents[kind, "someone"]).pk

    def collection(self, which: str) -> Collection:
        """That of a document, or one that is not there."""
        kind = "restricted" if which.startswith("trashed") else which.partition(" ")[0]
        return self.collections.get(kind, Collection(slug="nowhere", name="Nowhere"))

    def member(self, which: str) -> int:
        found = self.collections.get(which)
        reader = self.people["reader"]
        return found.members.get(user=reader).pk if found else 0

    def pin(self, which: str) -> int:
        """The first of those in a collection."""
        found = self.collections.get(which)
        return pins_in(found)[0].pk if found else 0

    def hidden_words(self, caller: str) -> set[str]:
        """What must stand in no answer to a caller."""
        return {word for kind, word in WORDS.items() if kind not in SEEN_BY[caller]}


def make_sample() -> Sample:
    sample = Sample()
    names = ("someone", "newcomer", "stranger", *MEMBERS, "staff")
    sample.people = {name: User.objects.create_user(name, password="x") for name in names}
    User.objects.filter(username="staff").update(is_staff=True)
    sample.people["admin"] = User.objects.create_superuser("admin", password="x")
    Group.objects.create(name="group")
    for visibility in VISIBILITIES:
        sample.collections[visibility] = _collection(sample, visibility)
    _store_original()
    for owner in ("someone", "stranger", *MEMBERS, "staff", "admin"):
        for kind in (*VISIBILITIES, "trashed"):
            sample.documents[kind, owner] = _document(sample, kind, owner)
    Document.objects.update(state="failed")  # of a second version, so that it can be retried
    _curate(sample)
    _sign_in(sample)
    _add_private_things(sample)
    heartbeat.beat()  # so that /readyz finds a worker
    return sample


def _collection(sample: Sample, visibility: str) -> Collection:
    made = Collection.objects.create(
        name=f"{WORDS[visibility]} papers", slug=visibility, visibility=visibility
    )
    for role in MEMBERS:
        CollectionMember.objects.create(collection=made, user=sample.people[role], role=role)
    return made


def _store_original() -> None:
    path = storage.original_path(_original_hash())
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(ORIGINAL, path)


def _original_hash() -> str:
    return hashlib.sha256(ORIGINAL.read_bytes()).hexdigest()


def _document(sample: Sample, kind: str, owner: str) -> Document:
    collection = sample.collection(kind)
    word = WORDS[kind] if kind != "trashed" or owner == "someone" else "Clippings"
    made = Document.objects.create(
        collection=collection,
        external_id=f"{kind} {owner}",
        title=f"{word} of {owner}",
        filename=f"{word}.pdf",
        type="pdf",
        content_hash=_original_hash(),
        uploaded_by=sample.people[owner],
    )
    text = f"The {word.lower()} blossoms in the garden of {owner}."
    if owner == "someone":
        publish(made, text)
    else:
        Extraction.objects.create(document=made, version=1, text=text)
        Document.objects.filter(pk=made.pk).update(version=1)
    if kind == "trashed":
        at = timezone.now() - timedelta(days=1)
        Document.objects.filter(pk=made.pk).update(deleted_at=at, deleted_by=made.uploaded_by)
    made.refresh_from_db()
    return made


def _curate(sample: Sample) -> None:
    """Synonyms and pins, also for the words that stand in all documents."""
    save_synonyms(None, "plum, prune", None)
    for kind in VISIBILITIES:
        save_synonyms(sample.collections[kind], f"blossoms => {WORDS[kind]}", None)
        for owner in ("someone", "stranger"):
            pin_document(sample.documents[kind, owner], "blossoms garden", None)


def _sign_in(sample: Sample) -> None:
    sample.credentials = {"anonymous": ({}, {})}
    for name in PAGE_CALLERS[1:]:
        client = Client()
        client.force_login(sample.people[name])
        client.get("/healthz")  # from now on the session is listed
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        sample.credentials[name] = ({settings.SESSION_COOKIE_NAME: cookie}, {})
    for scope in TokenScope.values:
        secret = api_tokens.create_token(sample.people["owner"], scope, scope=TokenScope(scope))
        sample.credentials[f"{scope} token"] = _bearer(secret)
    limited = [sample.collections["internal"]]
    secret = api_tokens.create_token(
        sample.people["owner"], "limited", scope=TokenScope.ADMIN, collections=limited
    )
    sample.credentials["limited token"] = _bearer(secret)


def _bearer(secret: str) -> tuple[dict[str, str], dict[str, str]]:
    return {}, {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def _add_private_things(sample: Sample) -> None:
    """Rows that the admin shows, and things of each user that nobody else may touch."""
    document, someone = sample.documents["public", "someone"], sample.people["someone"]
    SearchLog.objects.create(query="pears", results=1, took_ms=1.0)
    Judgement.objects.create(query="pears", document=document, user=someone, relevant=True)
    Authenticator.objects.create(user=someone, type="recovery_codes", data={})
    for user in sample.people.values():
        ApiToken.objects.create(user=user, digest=user.username, scope=TokenScope.READ)
    UserSession.objects.create(
        user=someone, session_key="someone", ip="192.0.2.1", user_agent="", data={}
    )
