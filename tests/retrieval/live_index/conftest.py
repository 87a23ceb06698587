"""Documents published without vectors, and an index that follows them."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from documents.ingestion import publisher
from documents.models import ChangeLogEntry, Collection, Document, Passage
from retrieval import startup
from retrieval.live_index.index import (
    LiveIndex,
    live_index,
)

Publish = Callable[..., Document]


@pytest.fixture
def publish(collection: Collection) -> Publish:
    """`publish("text", ...)`: a document of so many passages, or its next version; no vectors."""

    def add(*texts: str, document: Document | None = None) -> Document:
        key = str(Document.objects.count())
        document = document or Document.objects.create(
            collection=collection, external_id=key, title=f"No {key}", type="txt"
        )
        with transaction.atomic():
            publisher.lock_changes()
            document.version += 1
            document.state = Document.State.INDEXED
            document.save()
            Passage.objects.bulk_create(
                Passage(document=document, version=document.version, ordinal=n, text=text,
                      start=0, end=len(text))
                for n, text in enumerate(texts)
            )  # fmt: skip
            publisher.log_changes(ChangeLogEntry.Kind.PUBLISHED, [document.pk])
        return document

    return add


@contextmanager
def followed() -> Iterator[LiveIndex]:
    follower = startup.follow_index()
    try:
        yield live_index()
    finally:
        follower.stop()


def hits(of: Any, term: str) -> int:
    return len(of.search([f"en:{term}"], 100).hits)


def wait_until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)
