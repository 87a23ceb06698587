"""Slow files hold neither all threads nor the only child."""

import io
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from documents.extracted_text import ExtractedText, SourceFile
from documents.extraction import extractor
from documents.ingestion import concurrency, leases, pipeline
from documents.library import uploads
from documents.models import Collection, Document
from tests.misbehaving import sleep_over_large_files

pytestmark = pytest.mark.processes


def test_large_documents_leave_half_of_the_threads_to_others(
    collection: Collection, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WORKER_CONCURRENCY = 4
    size = extractor.LARGE_FILE + 1
    large = [
        str(
            Document.objects.create(collection=collection, external_id=key, title=key, size=size).pk
        )
        for key in "abcd"
    ]
    small = str(uploads.add_text(collection, "e", "Neap tides", enqueue=False).document.pk)
    seen: list[str] = []

    def ingest(document_id: str, **_: bool) -> None:
        """While it is at work, what other threads would do."""
        seen.append(document_id)
        if document_id == large[0]:
            concurrency.run_when_slot_free(large[1])
        elif document_id == large[1]:
            for other in (large[2], large[3], large[2], small):
                concurrency.run_when_slot_free(other)
            assert seen == [large[0], large[1], small]

    monkeypatch.setattr(concurrency, "ingest", ingest)
    concurrency.run_when_slot_free(large[0])
    assert seen == [large[0], large[1], small, large[2], large[3]]
    seen.clear()
    concurrency.run_when_slot_free(large[3])
    assert seen == [large[3]]


def test_what_does_not_wait_any_more_is_left_alone(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = uploads.add_file(collection, io.BytesIO(b"x"), "a.txt", enqueue=False).document
    Document.objects.update(state="extracting")
    monkeypatch.setattr(
        pipeline, "extract_texts", lambda *_, **__: pytest.fail("It is at work already.")
    )
    concurrency.run_when_slot_free(str(document.pk))
    concurrency.run_when_slot_free("00000000-0000-0000-0000-000000000000")


def test_no_small_file_waits_behind_a_slow_one(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EXTRACTION_TIMEOUT_S = 5
    monkeypatch.setattr(extractor, "parse_files", sleep_over_large_files)
    (tmp_path / "large.txt").write_bytes(b"tide " * (extractor.LARGE_FILE // 4))
    (tmp_path / "small.txt").write_bytes(b"Neap tides")
    large, small = (SourceFile(tmp_path / name, name) for name in ("large.txt", "small.txt"))
    slow = threading.Thread(target=extractor.extract_files, args=([large],))
    slow.start()
    time.sleep(1)
    (found,) = extractor.extract_files([small])
    assert isinstance(found, ExtractedText) and found.text == "Neap tides"
    assert slow.is_alive()
    slow.join()


def test_seats_go_round_among_users(
    collection: Collection, settings: Any, monkeypatch: pytest.MonkeyPatch, django_user_model: Any
) -> None:
    settings.WORKER_CONCURRENCY = 2
    users = [django_user_model.objects.create(username=name) for name in "ab"]
    many = [slow_document(collection, users[0], f"a{number}") for number in range(4)]
    few = [slow_document(collection, users[1], f"b{number}") for number in range(2)]
    seen: list[str] = []

    def ingest(document_id: str) -> None:
        seen.append(document_id)
        if len(seen) == 1:
            for other in (*many[1:], *few):
                concurrency.run_when_slot_free(other)

    monkeypatch.setattr(concurrency, "ingest", ingest)
    concurrency.run_when_slot_free(many[0])
    assert seen == [many[0], few[0], many[1], few[1], many[2], many[3]]


def slow_document(collection: Collection, user: Any, name: str) -> str:
    """One that was tried before, and so may be slow."""
    document = Document.objects.create(
        collection=collection, external_id=name, title=name, size=10, attempts=1, uploaded_by=user
    )
    return str(document.pk)


def test_a_message_serves_the_user_for_whom_least_is_done(
    collection: Collection, django_user_model: Any
) -> None:
    users = [django_user_model.objects.create(username=name) for name in "ab"]
    first, *others = (
        uploads.add_text(collection, f"{n}", f"Neap tides {n}", user=users[n == 3], enqueue=False)
        for n in range(4)
    )
    with leases.claimed(str(first.document.pk), in_turn=True) as one:
        assert one == [first.document]
        with leases.claimed(str(others[0].document.pk), in_turn=True) as two:
            assert two == [others[2].document]
            with leases.claimed(str(others[2].document.pk), in_turn=True) as three:
                assert three == [others[0].document]


def test_a_batch_is_of_one_user(collection: Collection, django_user_model: Any) -> None:
    users = [django_user_model.objects.create(username=name) for name in "ab"]
    taken = [
        uploads.add_text(collection, f"{n}", f"Neap tides {n}", user=users[n % 2], enqueue=False)
        for n in range(4)
    ]
    with leases.claimed(str(taken[0].document.pk), batch=True, in_turn=True) as batch:
        assert {document.title for document in batch} == {"0", "2"}
