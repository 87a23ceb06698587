"""Ingestion does each step once, also after crashes and repeated calls."""

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from documents.chunking import chunker
from documents.chunking.indexed_text import indexed_text
from documents.embedding import registry
from documents.embedding.spaces import has_hnsw_index
from documents.errors import IngestError, ModelUnavailable
from documents.extracted_text import ExtractedText
from documents.extraction import extractor
from documents.ingestion import leases, pipeline, publisher
from documents.ingestion.pipeline import ingest
from documents.library import reindex, trash, uploads
from documents.models import (
    ChangeLogEntry,
    Collection,
    Document,
    EmbeddingSpace,
    Extraction,
    Passage,
    PassageEmbedding,
)
from documents.sandbox import SandboxedWorker

pytestmark = pytest.mark.processes


class Crash(BaseException):
    """What ends a process in the middle of a step: nothing catches it."""


def crash(*_: Any, **__: Any) -> None:
    raise Crash


def never(*_: Any, **__: Any) -> None:
    raise AssertionError("This was done already.")


@pytest.fixture
def document(collection: Collection) -> Document:
    text = " ".join(f"Sentence {n} speaks of tides and of the moon." for n in range(400))
    return uploads.add_file(
        collection, io.BytesIO(text.encode()), "tides.txt", enqueue=False
    ).document


def revive(document: Document) -> None:
    """What the sweep does once the dead worker's lease has run out."""
    Document.objects.filter(pk=document.pk).update(
        lease_until=timezone.now() - timedelta(seconds=1)
    )
    assert leases.recover_expired() == 1


def assert_indexed_once(document: Document) -> None:
    document.refresh_from_db()
    assert (document.state, document.version, document.error) == ("indexed", 1, "")
    assert Extraction.objects.filter(document=document).count() == 1
    count = Passage.objects.filter(document=document).count()
    assert count == document.passages_done == document.passages_total > 10
    assert PassageEmbedding.objects.filter(passage__document=document).count() == count
    assert ChangeLogEntry.objects.filter(document_id=document.pk).count() == 1


def test_vectors_are_those_of_the_indexed_texts(document: Document) -> None:
    ingest(str(document.pk))
    assert_indexed_once(document)
    vector = PassageEmbedding.objects.select_related("passage").last()
    passage = vector.passage
    expected = registry.embed_texts([indexed_text(document.title, passage.headings, passage.text)])[
        0
    ]
    assert vector.embedding @ expected == pytest.approx(1, abs=1e-4)


def test_a_second_call_does_nothing(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    ingest(str(document.pk))
    monkeypatch.setattr(SandboxedWorker, "run", never)
    ingest(str(document.pk))
    ingest("00000000-0000-0000-0000-000000000000")
    assert_indexed_once(document)


def test_a_crash_after_extraction_does_not_extract_again(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, pytest.raises(Crash):
        patch.setattr(pipeline, "chunk", crash)
        ingest(str(document.pk))
    revive(document)
    monkeypatch.setattr(SandboxedWorker, "run", never)
    ingest(str(document.pk))
    assert_indexed_once(document)


def test_a_crash_while_embedding_keeps_what_was_embedded(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("documents.ingestion.pipeline.EMBED_AT_ONCE", 8)
    seen: list[str] = []
    real = registry.Embedder.embed_tokens

    def embed(self: Any, texts: list[str]) -> Any:
        if len(seen) == 8:
            raise Crash
        seen.extend(texts)
        return real(self, texts)

    with monkeypatch.context() as patch, pytest.raises(Crash):
        patch.setattr(registry.Embedder, "embed_tokens", embed)
        ingest(str(document.pk))
    assert PassageEmbedding.objects.count() == 8
    assert Document.objects.get().passages_done == 8
    revive(document)
    again: list[str] = []

    def remember(self: Any, texts: Any) -> Any:
        again.extend(texts)
        return real(self, texts)

    monkeypatch.setattr(registry.Embedder, "embed_tokens", remember)
    ingest(str(document.pk))
    assert not set(seen) & set(again)
    assert_indexed_once(document)


def test_a_crash_before_publication_only_publishes(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, pytest.raises(Crash):
        patch.setattr(publisher, "publish", crash)
        ingest(str(document.pk))
    revive(document)
    monkeypatch.setattr(registry.Embedder, "embed_tokens", never)
    ingest(str(document.pk))
    assert_indexed_once(document)


def test_who_lost_the_claim_changes_nothing(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = extractor.extract_files

    def overtaken(*arguments: Any, **options: Any) -> Any:
        monkeypatch.setattr(pipeline, "extract_files", real)
        reindex.reindex_documents([document], enqueue=False)
        ingest(str(document.pk))
        return real(*arguments, **options)

    monkeypatch.setattr(pipeline, "extract_files", overtaken)
    ingest(str(document.pk))
    assert_indexed_once(document)


def test_a_document_deleted_meanwhile_stays_deleted(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = chunker.chunk

    def deleted(*arguments: Any) -> Any:
        trash.purge_documents([document])
        return real(*arguments)

    monkeypatch.setattr(pipeline, "chunk", deleted)
    ingest(str(document.pk))
    assert not Document.objects.exists()
    assert not Passage.objects.exists()


def test_what_can_pass_is_tried_five_times_and_then_failed(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_: Any, **options: Any) -> list[IngestError]:
        return [IngestError("disk_full", permanent=False)]

    monkeypatch.setattr(pipeline, "extract_files", busy)
    pauses = []
    monkeypatch.setattr(leases, "enqueue_later", lambda _, pause: pauses.append(pause.seconds))
    for attempt in range(1, 6):
        ingest(str(document.pk))
        document.refresh_from_db()
        assert document.attempts == attempt
    assert pauses == [5, 10, 20, 40]
    assert (document.state, document.error_code) == ("failed", "disk_full")


def test_without_a_model_a_document_is_published_without_vectors(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise ModelUnavailable("no_own_cross_encoder")

    with monkeypatch.context() as patch:
        patch.setattr(registry, "configured_model", away)
        ingest(str(document.pk))
    document.refresh_from_db()
    assert (document.state, document.passages_total > 10) == ("indexed", True)
    assert not PassageEmbedding.objects.exists()
    reindex.reindex_documents([document], enqueue=False)
    ingest(str(document.pk))
    assert PassageEmbedding.objects.count() == Passage.objects.count()


def test_reindex_keeps_the_old_version_until_the_new_is_ready(document: Document) -> None:
    ingest(str(document.pk))
    Collection.objects.update(chunk_tokens=60)
    before = set(Passage.objects.values_list("pk", flat=True))
    reindex.reindex_documents(Document.objects.all(), enqueue=False)
    assert set(Passage.objects.values_list("pk", flat=True)) == before
    ingest(str(document.pk))
    document.refresh_from_db()
    assert (document.version, document.state) == (2, "indexed")
    assert Passage.objects.count() > 2 * len(before)
    assert not Passage.objects.filter(version=1).exists()


def test_the_sweep_leaves_living_workers_and_fresh_documents_alone(document: Document) -> None:
    assert leases.recover_expired() == 0
    with leases.claimed(str(document.pk)) as mine:
        assert mine == [document]
        assert leases.recover_expired() == 0
        with leases.claimed(str(document.pk)) as other:
            assert other == []


@pytest.mark.django_db(transaction=True)
def test_leases_of_what_is_held_are_renewed(document: Document) -> None:
    soon = timezone.now() + timedelta(seconds=1)
    with leases.claimed(str(document.pk)):
        Document.objects.update(lease_until=soon)
        leases.renew_leases()
        assert Document.objects.filter(lease_until__gt=soon).exists()
        Document.objects.update(lease_until=soon)
    leases.renew_leases()
    assert Document.objects.get().lease_until == soon


def test_the_first_space_goes_live(document: Document) -> None:
    ingest(str(document.pk))
    space = EmbeddingSpace.objects.get()
    assert (space.is_active, space.dimensions) == (True, 384)
    assert not has_hnsw_index(space)  # built by upkeep, once there are enough vectors to need it


def test_a_document_that_kills_five_workers_is_given_up(document: Document) -> None:
    for _ in range(5):
        with leases.claimed(str(document.pk)) as mine:
            assert mine == [document]
        revive(document)
    document.refresh_from_db()
    assert (document.state, document.error_code) == ("failed", "indexing_interrupted")


def test_a_value_that_the_database_refuses_is_not_taken_for_a_database_that_is_away(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_a_zero(files: Any, **options: Any) -> Any:
        """A character that PostgreSQL keeps in no text."""
        return [replace(text, text="\0") for text in read(files) if isinstance(text, ExtractedText)]

    read = extractor.extract_files
    monkeypatch.setattr(pipeline, "extract_files", with_a_zero)
    ingest(str(document.pk))
    document.refresh_from_db()
    assert (document.state, document.error_code) == ("queued", "internal_error")
