"""The ingestion pipeline: from an original to a searchable document."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TypeVar

from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import F
from django.utils import timezone

from documents import storage
from documents.chunking import TokenBudget, chunk, indexed_text
from documents.embedding import (
    Embedder,
    Vectors,
    compressed_tokens,
    passages_to_embed,
    space_of_model,
    store_vectors,
    token_budget,
    write_models,
)
from documents.errors import IngestError
from documents.extracted_text import (
    BLOCKS_VERSION,
    Block,
    ExtractedText,
    Heading,
    InlineMark,
    SourceFile,
)
from documents.extraction import extract_files
from documents.ingestion import leases, publisher, queue
from documents.models import Document, EmbeddingSpace, Extraction, Passage, error_columns

Row = TypeVar("Row", Extraction, Passage)
Texts = list[tuple[Document, ExtractedText]]

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=5)
# Texts encoded at once: progress is visible, and other callers of the encoder get turns.
EMBED_AT_ONCE = 64


def ingest(document_id: str, *, batch: bool = False, in_turn: bool = False) -> None:
    """Extract, passage, embed and publish the document's next version.

    With `batch`, other small queued documents are ingested with a small one: each statement and
    each call below then serves all of them. With `in_turn`, the document whose turn it is takes the
    place of this one.

    The call is idempotent, and harmless for a deleted document. It uses what an earlier attempt
    has stored. A failure becomes a message of the document or another attempt, at which each
    document of a batch is ingested alone.
    """
    with leases.claimed(document_id, batch=batch, in_turn=in_turn) as documents:
        if not documents:
            return
        try:
            texts = extract_texts(documents)
            models = write_models()
            passages = cut_passages(texts, models)
            embed_passages(passages, models)
            done = publisher.publish([document for document, _ in texts])
            log.info("Indexed %d of %d documents: %s", len(done), len(documents), document_id)
        except queue.DATABASE_UNAVAILABLE as error:
            log.warning("%s and %d more wait: %s", document_id, len(documents) - 1, error)
            for document in documents:
                _give_up(document, IngestError("database_lost", permanent=False))
        except Exception:
            log.exception("%s and %d more failed", document_id, len(documents) - 1)
            for document in documents:
                _give_up(document, IngestError("internal_error", permanent=False))


def extract_texts(documents: Sequence[Document]) -> Texts:
    """The texts of the next versions, stored for a later attempt.

    Documents that cannot be read fail and are left out.
    """
    kept = {row.document: _extracted(row) for row in _kept(Extraction, documents)}
    unread = [document for document in documents if document not in kept]
    found: Texts = []
    again = any(document.attempts for document in unread)
    texts = extract_files(map(_file, unread), again=again)
    for document, text in zip(unread, texts, strict=True):
        if isinstance(text, IngestError):
            _give_up(document, text)
        else:
            found.append((document, text))
    return [*kept.items(), *_keep(found)]


def _file(document: Document) -> SourceFile:
    return SourceFile(
        storage.original_path(document.content_hash), document.filename, document.content_type
    )


def _kept(model: type[Row], documents: Sequence[Document]) -> list[Row]:
    """The texts that earlier attempts stored; first attempts need no query."""
    again = {document.pk: document for document in documents if document.attempts}
    if not again:
        return []
    rows = model._default_manager.filter(document__in=again, version=F("document__version") + 1)
    found = list(rows.order_by("pk"))
    for row in found:
        row.document = again[row.document_id]
    return found


def _extracted(row: Extraction) -> ExtractedText:
    return ExtractedText(
        text=row.text,
        pages=row.pages,
        headings=[Heading(**heading) for heading in row.headings],
        blocks=[Block.from_json(block) for block in row.blocks],
        marks=[InlineMark(**mark) for mark in row.marks],
        type=row.document.type,
        content_type=row.document.content_type,
    )


def _keep(texts: Texts) -> Texts:
    """Store texts, content dates, titles and metadata; what a user chose stays."""
    with transaction.atomic():
        ours = leases.write_owned(
            [document for document, _ in texts],
            type=[text.type for _, text in texts],
            content_type=[text.content_type for _, text in texts],
            content_date=[text.content_date for _, text in texts],
            title=[
                text.title[:500] if text.title and one.title == one.filename else one.title
                for one, text in texts
            ],
        )
        texts = [(document, text) for document, text in texts if document in ours]
        _add_metadata(texts)
        Extraction.objects.bulk_create(
            Extraction(
                document=document,
                version=document.version + 1,
                text=text.text,
                pages=text.pages,
                headings=[heading.as_json() for heading in text.headings],
                blocks=[block.as_json() for block in text.blocks],
                marks=[mark.as_json() for mark in text.marks],
                blocks_version=BLOCKS_VERSION,
            )
            for document, text in texts
        )
    return texts


def _add_metadata(texts: Texts) -> None:
    """Add what the files state of themselves to the metadata of documents that lack it."""
    changed = []
    for document, text in texts:
        added = {key: value for key, value in text.metadata.items() if key not in document.metadata}
        if added:
            document.metadata = {**added, **document.metadata}
            changed.append(document)
    Document.objects.bulk_update(changed, ["metadata"])


def cut_passages(texts: Texts, models: Sequence[Embedder]) -> list[Passage]:
    """The passages of the next versions; they are stored for a whole document or not at all."""
    kept = _kept(Passage, [document for document, _ in texts])
    done = {passage.document for passage in kept}
    measure = token_budget(models)
    made = {
        document: list(_passages(document, text, measure))
        for document, text in texts
        if document not in done
    }
    with transaction.atomic():
        ours = leases.write_owned(
            list(made),
            state=[Document.State.EMBEDDING.value] * len(made),
            passages_done=[0] * len(made),
            passages_total=list(map(len, made.values())),
        )
        passages = [passage for document in ours for passage in made[document]]
        return kept + Passage.objects.bulk_create(passages, batch_size=500)


def _passages(document: Document, text: ExtractedText, measure: TokenBudget) -> Iterator[Passage]:
    size = document.collection.passage_size
    passages = chunk(text, measure, size.tokens, size.overlap, document.title)
    for n, passage in enumerate(passages):
        yield Passage(
            document=document, version=document.version + 1, ordinal=n, **passage.as_json()
        )


def embed_passages(passages: Sequence[Passage], models: Sequence[Embedder]) -> None:
    """Embed the passages without vectors in every space in use; nothing without a model."""
    for model in models:
        space = space_of_model(model)
        missing = passages_to_embed(passages, space)
        done = Counter(passage.document for passage in passages)
        done.subtract(passage.document for passage in missing)
        while missing:
            batch, missing = missing[:EMBED_AT_ONCE], missing[EMBED_AT_ONCE:]
            texts = [indexed_text(c.document.title, c.headings, c.text) for c in batch]
            encoded = model.embed_tokens(texts)
            kept = [c.document.collection.token_vectors for c in batch]
            tokens = compressed_tokens(
                [one if keep else None for one, keep in zip(encoded, kept, strict=True)], space
            )
            lost = _store(batch, space, [one.vector for one in encoded], tokens, done)
            missing = [passage for passage in missing if passage.document not in lost]


def _store(
    batch: Sequence[Passage],
    space: EmbeddingSpace,
    rows: Sequence[Vectors],
    tokens: Sequence[bytes | None],
    done: Counter[Document],
) -> set[Document]:
    """Store vectors and the progress; returns the documents whose lease was lost."""
    done.update(passage.document for passage in batch)
    documents = list({passage.document for passage in batch})
    with transaction.atomic():
        ours = leases.write_owned(
            documents, passages_done=[done[document] for document in documents]
        )
        mine = [n for n, passage in enumerate(batch) if passage.document in ours]
        store_vectors(
            [batch[n] for n in mine], space, [rows[n] for n in mine], [tokens[n] for n in mine]
        )
    return set(documents).difference(ours)


def _give_up(document: Document, error: IngestError) -> None:
    """Store the error, or queue another attempt after a pause that doubles each time."""
    attempts = document.attempts + 1
    last = error.permanent or attempts >= leases.ATTEMPTS
    pause = timedelta() if last else FIRST_PAUSE * 2 ** (attempts - 1)
    try:
        ours = leases.release_lease(
            document,
            state=Document.State.FAILED if last else Document.State.QUEUED,
            **error_columns(error.message),
            attempts=attempts,
            queued_at=timezone.now() + pause,
        )
        if ours and not last:
            leases.enqueue_later(document, pause)
    except (DatabaseError, InterfaceError):  # its lease runs out, and the sweep takes it up
        log.warning("%s could not be released: the database is away.", document.pk)
