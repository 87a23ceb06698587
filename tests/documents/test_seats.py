"""Slow files hold neither all threads nor the only child."""

import io
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from documents import extraction, intake, seats
from documents.extracted import Extracted, File
from documents.models import Collection, Document
from tests.misbehaving import hold_large_files


def test_large_documents_leave_half_of_the_threads_to_others(
    collection: Collection, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WORKER_CONCURRENCY = 4
    size = extraction.LARGE + 1
    large = [
        str(Document.objects.create(collection=collection, key=key, title=key, size=size).pk)
        for key in "abcd"
    ]
    small = str(intake.add_text(collection, "e", "Neap tides", enqueue=False).document.pk)
    seen: list[str] = []

    def ingest(document_id: str, *, company: bool = False) -> None:
        """While it is at work, what other threads would do."""
        seen.append(document_id)
        if document_id == large[0]:
            seats.work_off(large[1])
        elif document_id == large[1]:
            for other in (large[2], large[3], large[2], small):
                seats.work_off(other)
            assert seen == [large[0], large[1], small]

    monkeypatch.setattr(seats, "ingest", ingest)
    seats.work_off(large[0])
    assert seen == [large[0], large[1], small, large[2], large[3]]
    seen.clear()
    seats.work_off(large[3])
    assert seen == [large[3]]


def test_what_does_not_wait_any_more_is_left_alone(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = intake.add_file(collection, io.BytesIO(b"x"), "a.txt", enqueue=False).document
    Document.objects.update(state="extracting")
    monkeypatch.setattr(seats, "ingest", lambda *_, **__: pytest.fail("It is at work already."))
    seats.work_off(str(document.pk))
    seats.work_off("00000000-0000-0000-0000-000000000000")


def test_no_small_file_waits_behind_a_slow_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extraction, "read_all", hold_large_files)
    (tmp_path / "large.txt").write_bytes(b"tide " * (extraction.LARGE // 4))
    (tmp_path / "small.txt").write_bytes(b"Neap tides")
    large, small = (File(tmp_path / name, name) for name in ("large.txt", "small.txt"))
    slow = threading.Thread(target=extraction.extract_all, args=([large],))
    slow.start()
    while not (tmp_path / "held").exists():
        time.sleep(0.02)
    try:
        (found,) = extraction.extract_all([small])
        assert isinstance(found, Extracted) and found.text == "Neap tides"
        assert slow.is_alive()
    finally:
        (tmp_path / "go on").touch()
        slow.join()
