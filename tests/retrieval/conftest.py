"""Documents put into the index without a worker, a queue or a file, for tests of searching."""

import hashlib
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest

from documents.extracted_text import Heading
from documents.models import Collection, Document


@pytest.fixture
def fresh_index() -> Iterator[None]:
    """Drop the index after a test whose rollback takes the change log back."""
    from retrieval.live_index import index

    index.drop_live_index()
    yield
    index.drop_live_index()


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
            external_id=hashlib.sha256(f"{title}\0{text}".encode()).hexdigest(),
            title=title,
            **{"type": "txt", **fields},
        )
        publish(document, text)
        document.refresh_from_db()
        return document

    return add


def markdown_headings(text: str) -> list[Heading]:
    lines = re.finditer(r"^(#+) (.+)", text, re.MULTILINE)
    return [Heading(line.start(), len(line[1]), line[2]) for line in lines]


def publish(document: Document, text: str) -> None:
    """The steps of `documents.ingestion.pipeline` from the text on."""
    from documents.chunking import chunker
    from documents.chunking.indexed_text import indexed_text
    from documents.embedding import projections, registry, store
    from documents.extracted_text import ExtractedText
    from documents.ingestion import publisher
    from documents.models import Extraction, Passage

    version = document.version + 1
    extracted = ExtractedText(
        text=text,
        type=document.type,
        content_type="text/plain",
        headings=markdown_headings(text) if document.type == "md" else [],
    )
    passages = chunker.chunk(extracted, registry.token_budget(), 200, 20, document.title)
    Extraction.objects.create(document=document, version=version, text=text)
    stored = Passage.objects.bulk_create(
        Passage(document=document, version=version, ordinal=n, **passage.as_json())
        for n, passage in enumerate(passages)
    )
    space = registry.ensure_active_space()
    encoded = registry.active_model().embed_tokens(
        [indexed_text(document.title, c.headings, c.text) for c in stored]
    )
    tokens = projections.compressed_tokens(encoded, space)
    store.store_vectors(stored, space, [one.vector for one in encoded], tokens)
    Document.objects.filter(pk=document.pk).update(lease_id=uuid4())
    document.refresh_from_db()
    publisher.publish([document])
