"""From an original to a searchable document: the whole line, read from top to bottom."""

import logging
from datetime import timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction
from django.utils import timezone

from documents import chunking, claims, embedding, extraction, originals, publishing, vectors
from documents.errors import ClaimLost, IngestError
from documents.extracted import Extracted, Heading
from documents.models import Chunk, Document, Extraction
from documents.passages import indexed_text

Row = TypeVar("Row", Extraction, Chunk)

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=5)
# Texts handed to the encoder at once, so that progress moves and others get their turn.
EMBED_AT_ONCE = 64
UNEXPECTED = "Something went wrong inside the service. Retry; if it happens again, see its log."
AWAY = "The database could not be reached."


def ingest(document_id: str) -> None:
    """Extract, chunk, embed and publish the document's next version.

    Harmless when called twice, or for a document that is gone. What an earlier attempt finished is
    used, not made again. A failure ends as a sentence in the document, or as another attempt.
    """
    with claims.claimed(document_id) as document:
        if document is None:
            return
        try:
            version = document.version + 1
            text = extract(document, version)
            models = embedding.targets()
            chunks = cut(document, version, text, models)
            embed(document, chunks, models)
            publishing.publish(document, version)
        except ClaimLost:
            log.info("%s was taken over or deleted.", document_id)
        except IngestError as error:
            _give_up(document, error)
        except (DatabaseError, InterfaceError) as error:
            log.warning("%s waits: %s", document_id, error)
            _give_up(document, IngestError(AWAY, permanent=False))
        except Exception:
            log.exception("%s failed", document_id)
            _give_up(document, IngestError(UNEXPECTED, permanent=False))


def extract(document: Document, version: int) -> Extracted:
    """The text of this version; kept, so that another attempt finds it."""
    kept = _kept(Extraction, document, version)[:1]
    for row in kept:
        return Extracted(
            text=row.text,
            pages=row.pages,
            headings=[Heading(**heading) for heading in row.headings],
            type=document.type,
            mime=document.mime,
        )
    path = originals.path_of(document.content_hash)
    found = extraction.extract(path, document.filename, document.mime)
    with transaction.atomic():
        claims.write(document, **_learned(document, found))
        Extraction.objects.create(
            document=document,
            version=version,
            text=found.text,
            pages=found.pages,
            headings=[heading.as_json() for heading in found.headings],
        )
    return found


def _kept(model: type[Row], document: Document, version: int) -> list[Row]:
    """What an earlier attempt made for this version; the first attempt need not look."""
    if not document.attempts:
        return []
    return list(model._default_manager.filter(document=document, version=version).order_by("pk"))


def _learned(document: Document, found: Extracted) -> dict[str, Any]:
    """What the content says about itself; a title that someone chose stays."""
    learned = {"type": found.type, "mime": found.mime}
    if found.title and document.title == document.filename:
        learned["title"] = found.title[:500]
    return learned


def cut(
    document: Document, version: int, text: Extracted, models: list[embedding.Embedder]
) -> list[Chunk]:
    """This version's passages, all of them or none, and the document's progress from 0."""
    if kept := _kept(Chunk, document, version):
        return kept
    collection = document.collection
    passages = chunking.chunk(
        text,
        embedding.measure(models),
        collection.chunk_tokens or settings.CHUNK_TOKENS,
        _first_set(collection.chunk_overlap, settings.CHUNK_OVERLAP),
        document.title,
    )
    chunks = [
        Chunk(document=document, version=version, ordinal=n, **passage.as_json())
        for n, passage in enumerate(passages)
    ]
    with transaction.atomic():
        claims.write(
            document, state=Document.State.EMBEDDING, chunks_done=0, chunks_total=len(chunks)
        )
        return Chunk.objects.bulk_create(chunks, batch_size=500)


def _first_set(*values: int | None) -> int:
    return next(value for value in values if value is not None)


def embed(document: Document, chunks: list[Chunk], models: list[embedding.Embedder]) -> None:
    """Vectors for those that have none yet, in every space in use; none where no model is had."""
    for model in models:
        space = embedding.space_of(model)
        missing = vectors.missing(chunks, space, fresh=document.chunks_done == 0)
        done = len(chunks) - len(missing)
        for first in range(0, len(missing), EMBED_AT_ONCE):
            batch = missing[first : first + EMBED_AT_ONCE]
            texts = [indexed_text(document.title, c.headings, c.text) for c in batch]
            rows = model.embed(texts, "passage")
            done += len(batch)
            with transaction.atomic():
                claims.write(document, chunks_done=done)
                vectors.store(batch, space, rows)


def _give_up(document: Document, error: IngestError) -> None:
    """State why it failed, or have it tried again after a pause that doubles each time."""
    attempts = document.attempts + 1
    try:
        if error.permanent or attempts >= claims.ATTEMPTS:
            claims.release(
                document, state=Document.State.FAILED, error=error.message, attempts=attempts
            )
            return
        pause = FIRST_PAUSE * 2 ** (attempts - 1)
        claims.release(
            document,
            state=Document.State.QUEUED,
            error=error.message,
            attempts=attempts,
            queued_at=timezone.now() + pause,
        )
        claims.send_later(document, pause)
    except (DatabaseError, InterfaceError):  # its lease runs out, and the sweep takes it up
        log.warning("%s could not be released: the database is away.", document.pk)
