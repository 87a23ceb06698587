"""Documents put into the index without a worker, a queue or a file, for tests of searching."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest

from documents.models import Collection, Document


@pytest.fixture
def fresh_index() -> Iterator[None]:
    """The index follows a change log that never goes back; a rolled back test makes it do so."""
    from retrieval import index

    index.forget()
    yield
    index.forget()


@pytest.fixture
def collection(db: None, fresh_index: None) -> Collection:
    return Collection.objects.create(name="Handbook", slug="handbook", visibility="public")


Index = Callable[..., Document]


@pytest.fixture
def indexed(collection: Collection) -> Index:
    """`indexed("Title", "text", into=..., type="pdf")` cuts, embeds and publishes a document."""

    def add(title: str, text: str, into: Collection | None = None, **fields: Any) -> Document:
        document = Document.objects.create(
            collection=into or collection,
            key=hashlib.sha256(f"{title}\0{text}".encode()).hexdigest(),
            title=title,
            **{"type": "txt", **fields},
        )
        publish(document, text)
        document.refresh_from_db()
        return document

    return add


def publish(document: Document, text: str) -> None:
    """The steps of `documents.ingest` from the text on."""
    from documents import chunking, embedding, publishing, vectors
    from documents.extracted import Extracted
    from documents.models import Chunk, Extraction
    from documents.passages import indexed_text

    version = document.version + 1
    extracted = Extracted(text=text, type=document.type, mime="text/plain")
    passages = chunking.chunk(extracted, embedding.measure(), 200, 20, document.title)
    Extraction.objects.create(document=document, version=version, text=text)
    chunks = Chunk.objects.bulk_create(
        Chunk(document=document, version=version, ordinal=n, **passage.as_json())
        for n, passage in enumerate(passages)
    )
    rows = embedding.embed(
        [indexed_text(document.title, c.headings, c.text) for c in chunks], "passage"
    )
    vectors.store(chunks, embedding.space(), rows)
    Document.objects.filter(pk=document.pk).update(claim=uuid4())
    document.refresh_from_db()
    publishing.publish([document])
