"""Slow files hold neither all threads nor the only child."""

import io
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from documents.extracted_text import ExtractedText, SourceFile
from documents.extraction import extractor
from documents.ingestion import concurrency
from documents.library import uploads
from documents.models import Collection, Document
from tests.misbehaving import hold_large_files


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

    def ingest(document_id: str, *, batch: bool = False) -> None:
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
        concurrency, "ingest", lambda *_, **__: pytest.fail("It is at work already.")
    )
    concurrency.run_when_slot_free(str(document.pk))
    concurrency.run_when_slot_free("00000000-0000-0000-0000-000000000000")


def test_no_small_file_waits_behind_a_slow_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extractor, "parse_files", hold_large_files)
    (tmp_path / "large.txt").write_bytes(b"tide " * (extractor.LARGE_FILE // 4))
    (tmp_path / "small.txt").write_bytes(b"Neap tides")
    large, small = (SourceFile(tmp_path / name, name) for name in ("large.txt", "small.txt"))
    slow = threading.Thread(target=extractor.extract_files, args=([large],))
    slow.start()
    while not (tmp_path / "held").exists():
        time.sleep(0.02)
    try:
        (found,) = extractor.extract_files([small])
        assert isinstance(found, ExtractedText) and found.text == "Neap tides"
        assert slow.is_alive()
    finally:
        (tmp_path / "go on").touch()
        slow.join()
