"""Small documents that wait go through ingestion together, and each fails alone."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from documents.chunking import chunker
from documents.embedding import registry
from documents.extraction import extractor
from documents.ingestion import leases, pipeline, publisher
from documents.ingestion.pipeline import ingest
from documents.library import reindex, trash, uploads
from documents.models import (
    ChangeLogEntry,
    Collection,
    Document,
    Extraction,
    Passage,
    PassageEmbedding,
)
from documents.sandbox import SandboxedWorker
from tests.documents.ingestion.test_pipeline import Crash, crash, never
from tests.misbehaving import die_of_bad_files

pytestmark = pytest.mark.processes

TEXTS = [f"Text {number} speaks of tides and of the moon." for number in range(5)]


@pytest.fixture
def queue_up(collection: Collection) -> Callable[..., list[Document]]:
    """Documents that wait, one for each text, in order."""

    def queue_up(*texts: str) -> list[Document]:
        taken = [
            uploads.add_file(
                collection,
                io.BytesIO(text.encode()),
                f"{number}.txt",
                external_id=str(number),
                enqueue=False,
            )
            for number, text in enumerate(texts)
        ]
        return [one.document for one in taken]

    return queue_up


Queue = Callable[..., list[Document]]


def run(document: Document) -> None:
    ingest(str(document.pk), batch=True)


def states() -> list[tuple[str, int]]:
    """The state and the attempts of each, in order."""
    return list(Document.objects.order_by("external_id").values_list("state", "attempts"))


def assert_indexed_once(documents: list[Document]) -> None:
    for document in documents:
        document.refresh_from_db()
        assert (document.state, document.version, document.error) == ("indexed", 1, "")
        assert document.passages_done == document.passages_total == 1
        assert document.lease_id is None
        for model in (Extraction, Passage):
            assert model.objects.filter(document=document).count() == 1
        assert PassageEmbedding.objects.filter(passage__document=document).count() == 1
        assert ChangeLogEntry.objects.filter(document_id=document.pk).count() == 1


def test_small_ones_that_wait_are_published_together(
    queue_up: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = queue_up(*TEXTS)
    published = []
    real = publisher.publish

    def publish(documents: list[Document]) -> Any:
        published.append(len(documents))
        return real(documents)

    monkeypatch.setattr(publisher, "publish", publish)
    run(documents[2])
    assert published == [5]
    assert_indexed_once(documents)
    monkeypatch.setattr(SandboxedWorker, "run", never)
    run(documents[0])  # its own message comes later


def test_each_text_gets_its_own_passage_and_vector(queue_up: Queue) -> None:
    documents = queue_up(*TEXTS)
    run(documents[0])
    for document, text in zip(documents, TEXTS, strict=True):
        passage = Passage.objects.get(document=document)
        assert passage.text == text
        expected = registry.embed_texts([f"{document.title}\n{text}"])[0]
        assert passage.vectors.get().embedding @ expected == pytest.approx(1, abs=1e-4)


def test_who_is_large_or_was_tried_before_or_is_one_too_many_waits(
    queue_up: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "BATCH_DOCUMENTS", 2)
    documents = queue_up("a " * leases.BATCH_MAX_FILE, *TEXTS)
    Document.objects.filter(pk=documents[1].pk).update(attempts=1)
    run(documents[5])
    waits, done = ("queued", 0), ("indexed", 0)
    assert states() == [waits, ("queued", 1), done, done, waits, done]
    run(documents[1])
    assert states() == [waits, done, done, done, waits, done]
    run(documents[0])
    assert states() == [done, done, done, done, waits, done]


def test_a_batch_has_so_many_bytes(queue_up: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = queue_up(*TEXTS)
    monkeypatch.setattr(leases, "BATCH_MAX_BYTES", 2 * len(TEXTS[0]))
    run(documents[4])
    assert [state for state, _ in states()] == ["indexed", "indexed", "queued", "queued", "indexed"]


def test_one_that_cannot_be_read_fails_alone(queue_up: Queue) -> None:
    documents = queue_up(*TEXTS[:2], "", *TEXTS[3:])
    run(documents[0])
    assert_indexed_once([document for document in documents if document.external_id != "2"])
    documents[2].refresh_from_db()
    assert (documents[2].state, documents[2].error) == ("failed", "The file is empty.")


def test_one_that_kills_the_child_fails_alone(
    queue_up: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extractor, "parse_files", die_of_bad_files)
    documents = queue_up(*TEXTS[:2], "deadly", *TEXTS[3:])
    run(documents[0])
    assert states() == [("queued", 1)] * 5
    for document in documents:
        run(document)
    assert_indexed_once([document for document in documents if document.external_id != "2"])
    documents[2].refresh_from_db()
    assert (documents[2].state, documents[2].error_code) == ("failed", "extraction_crashed")


def test_what_spoils_a_batch_is_tried_again_alone(
    queue_up: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = chunker.chunk

    def spoiled(text: Any, *arguments: Any) -> Any:
        if "spoiled" in text.text:
            raise ZeroDivisionError
        return real(text, *arguments)

    monkeypatch.setattr(pipeline, "chunk", spoiled)
    documents = queue_up(*TEXTS[:2], "spoiled", *TEXTS[3:])
    run(documents[0])
    assert states() == [("queued", 1)] * 5
    for document in documents:
        run(document)
    assert_indexed_once([document for document in documents if document.external_id != "2"])
    assert states()[2] == ("queued", 2)


@pytest.mark.parametrize("step", ["extract_files", "chunk", "store_vectors"])
def test_a_crash_in_the_middle_leaves_all_to_be_taken_up_again(
    queue_up: Queue, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    documents = queue_up(*TEXTS)
    with monkeypatch.context() as patch, pytest.raises(Crash):
        patch.setattr(pipeline, step, crash)
        run(documents[0])
    Document.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert leases.recover_expired() == 5
    assert states() == [("queued", 1)] * 5
    for document in documents:
        run(document)
    assert_indexed_once(documents)


def test_who_is_taken_away_in_the_middle_harms_no_other(
    queue_up: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = queue_up(*TEXTS)
    real = registry.Embedder.embed_tokens

    def meanwhile(*arguments: Any) -> Any:
        monkeypatch.setattr(registry.Embedder, "embed_tokens", real)
        trash.purge_documents(documents[1:2])
        reindex.reindex_documents(documents[3:4], enqueue=False)
        return real(*arguments)

    monkeypatch.setattr(registry.Embedder, "embed_tokens", meanwhile)
    run(documents[0])
    assert_indexed_once([documents[0], documents[2], documents[4]])
    assert not Passage.objects.filter(document__in=[documents[1].pk, documents[3].pk]).exists()
    documents[3].refresh_from_db()
    assert (documents[3].state, documents[3].version) == ("queued", 0)
    run(documents[3])
    assert_indexed_once([documents[3]])


def test_token_vectors_are_stored_where_the_collection_says_so(
    queue_up: Queue, collection: Collection
) -> None:
    kept = queue_up(*TEXTS)
    run(kept[0])
    stored = PassageEmbedding.objects.filter(tokens__isnull=False)
    assert stored.count() == len(TEXTS)

    Collection.objects.filter(pk=collection.pk).update(token_vectors=False)
    reindex.reindex_documents(kept, enqueue=False)
    run(kept[0])
    assert PassageEmbedding.objects.count() == len(TEXTS)
    assert not stored.exists()


def test_many_passages_are_stored_as_they_are_embedded(
    queue_up: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("documents.ingestion.pipeline.EMBED_AT_ONCE", 2)
    documents = queue_up(*TEXTS)
    seen: list[int] = []
    real = registry.Embedder.embed_tokens

    def embed(*arguments: Any) -> Any:
        seen.append(sum(Document.objects.values_list("passages_done", flat=True)))
        return real(*arguments)

    monkeypatch.setattr(registry.Embedder, "embed_tokens", embed)
    run(documents[0])
    assert seen == [0, 2, 4]
    assert_indexed_once(documents)
