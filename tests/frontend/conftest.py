"""Readers, writers and documents for the tests of the pages."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from documents.models import Collection, CollectionMember, Document, Extraction
from tests.retrieval.conftest import collection, fresh_index, indexed

__all__ = ["collection", "fresh_index", "indexed"]

Written = Callable[..., Document]


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_user("ada", password="lantern-night")


@pytest.fixture
def as_ada(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def confirmed(as_ada: Client) -> Client:
    """Ada has just given her password once more."""
    as_ada.post("/account/confirm/", {"password": "lantern-night"})
    return as_ada


@pytest.fixture
def anyone(db: None) -> Client:
    return Client()


@pytest.fixture
def shared(db: None) -> Collection:
    """What any signed-in user may read and add to."""
    return Collection.objects.create(name="Shared", slug="shared", visibility="internal")


@pytest.fixture
def secret(db: None) -> Collection:
    """What nobody sees before a test lists them."""
    return Collection.objects.create(name="Secret", slug="secret", visibility="restricted")


@pytest.fixture
def written(db: None) -> Written:
    """`written("Title", into, "text")`: a document whose text can be read, not searched."""

    def add(title: str, into: Collection, text: str = "", **fields: Any) -> Document:
        values = {"state": "indexed", "version": 1 if text else 0, "type": "txt", **fields}
        values.setdefault("content_hash", hashlib.sha256(title.encode()).hexdigest())
        headings = values.pop("headings", [])
        document = Document.objects.create(
            collection=into, external_id=title, title=title, **values
        )
        if text:
            Extraction.objects.create(document=document, version=1, text=text, headings=headings)
        return document

    return add


def reader(of: Collection, user: User, role: str = "reader") -> None:
    CollectionMember.objects.create(collection=of, user=user, role=role)
