"""The lexical index of this process, following what ingestion publishes.

A snapshot on disk is shared by all processes of a machine; each process adds to it, in memory, what
has been published since, by reading the change log from the snapshot's position on.
"""

import fcntl
import logging
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import close_old_connections
from django.db.models import F
from django.db.utils import Error as DatabaseError

from documents.models import Change, Chunk
from documents.passages import indexed_text
from retrieval.analysis import ANALYSIS, terms_and_surfaces
from retrieval.entries import ChunkEntry, DocumentEntry
from retrieval.lexical import BM25Index
from retrieval.lexical.snapshot import SnapshotError
from retrieval.models import IndexIdentity

logger = logging.getLogger(__name__)

FOLLOW_SECONDS = 0.5
SEARCH_WAITS_SECONDS = 0.1
DOCUMENTS_AT_ONCE = 200


class LiveIndex:
    """A BM25Index that is never behind the change log by more than one refresh."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bm25 = _opened(folder)
        self._lock = threading.Lock()

    def current(self) -> BM25Index:
        """The index for a search, fresh unless another thread is at work on a large change."""
        if self._lock.acquire(timeout=SEARCH_WAITS_SECONDS):
            try:
                return self._refresh()
            finally:
                self._lock.release()
        return self.bm25

    def refresh(self) -> BM25Index:
        """Apply what was published or deleted since the last refresh, and return the index."""
        with self._lock:
            return self._refresh()

    def _refresh(self) -> BM25Index:
        self._take_newer_snapshot()
        changes = self._changes()
        if self.bm25.position and self._estranged(changes):
            self._start_anew()
            changes = self._changes()
        for at in range(0, len(changes), DOCUMENTS_AT_ONCE):
            part = changes[at : at + DOCUMENTS_AT_ONCE]
            self._apply({document for _, document, _ in part})
            self.bm25.position = part[-1][0]
        return self.bm25

    def _changes(self) -> list[tuple[int, UUID, str]]:
        after = Change.objects.filter(id__gt=self.bm25.position).order_by("id")
        return list(after.values_list("id", "document_id", "kind"))

    def _estranged(self, changes: Sequence[tuple[int, UUID, str]]) -> bool:
        """Whether nothing kept can be trusted: some deletions since our position are not told any
        more, or the log ends before it, as in a database that was restored from a backup."""
        if changes:
            return any(kind == Change.Kind.FORGOTTEN for *_, kind in changes)
        newest = Change.objects.order_by("-id").values_list("id", flat=True).first()
        return (newest or 0) < self.bm25.position

    def _start_anew(self) -> None:
        logger.warning("The index does not go with the database any more, and is made anew.")
        for path in _snapshots(self.folder):
            if int(path.name) <= self.bm25.position:
                shutil.rmtree(path, ignore_errors=True)
        self.bm25 = BM25Index()

    def compact(self) -> bool:
        """Write what this process has gathered to a new snapshot. True when there was anything."""
        index = self.refresh()
        with self._lock, _only_one(self.folder) as alone:
            if not alone or not index.size_in_segment:
                return False
            index.save(self.folder / f"{index.position:020d}", index.position)
            self._take_newer_snapshot()
            _forget_old_snapshots(self.folder)
        return True

    def _take_newer_snapshot(self) -> None:
        newest = _newest(self.folder)
        if newest is not None and int(newest.name) > self.bm25.snapshot_position:
            with suppress(SnapshotError):  # a still newer one has replaced it: next time
                self.bm25 = BM25Index.open(newest)

    def _apply(self, documents: set[UUID]) -> None:
        entries = {str(document): None for document in documents}
        for document, chunks in _published(documents):
            self.bm25.add(document, chunks)
            entries.pop(document.document_id)
        for gone in entries:
            self.bm25.remove(gone)


def _published(documents: set[UUID]) -> Iterator[tuple[DocumentEntry, list[ChunkEntry]]]:
    """The searchable state of those of `documents` that have one."""
    rows = (
        Chunk.objects.filter(document__in=documents, version=F("document__version"))
        .order_by("document_id", "ordinal")
        .values_list(
            "document_id", "document__collection_id", "document__type", "document__language",
            "document__year", "document__title", "document__collection__language", "id",
            "headings", "text",
        )
    )  # fmt: skip
    for (document, *traits), listed in groupby(rows, key=lambda row: row[:5]):
        chunks = [_analysed(*row[5:]) for row in listed]
        yield DocumentEntry(str(document), *traits), chunks


def _analysed(
    title: str, language: str, chunk_id: int, headings: list[str], text: str
) -> ChunkEntry:
    return ChunkEntry(chunk_id, *terms_and_surfaces(indexed_text(title, headings, text), language))


def _opened(folder: Path) -> BM25Index:
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(_snapshots(folder), reverse=True):
        try:
            return BM25Index.open(path)
        except SnapshotError as problem:
            logger.warning("A snapshot is left aside: %s", problem)
            if not isinstance(problem.__cause__, OSError):  # damaged, not merely out of reach
                shutil.rmtree(path, ignore_errors=True)
    return BM25Index()


def _snapshots(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.isdigit()]


def _newest(folder: Path) -> Path | None:
    return max(_snapshots(folder), default=None)


def _forget_old_snapshots(folder: Path, keep: int = 2) -> None:
    """Processes that still map an old one keep its pages; the newest but one may be opening."""
    for path in sorted(_snapshots(folder))[:-keep]:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _only_one(folder: Path) -> Iterator[bool]:
    """True for one process of the machine at a time."""
    with (folder / "compacting.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


_live: dict[str, LiveIndex] = {}
_live_lock = threading.Lock()


def live_index() -> LiveIndex:
    """This process's index of the present database."""
    identity = IndexIdentity.objects.get_or_create(only=True)[0]
    with _live_lock:
        if str(identity) not in _live:
            _live.clear()
            _live[str(identity)] = LiveIndex(snapshots_of(identity))
        return _live[str(identity)]


def forget() -> None:
    """Drop this process's index: the next search opens it again."""
    with _live_lock:
        _live.clear()


def snapshots_of(identity: IndexIdentity) -> Path:
    """The folder of a database's snapshots, as this version analyses text."""
    folder: Path = settings.VAR_DIR / "lexical" / f"{identity}-{ANALYSIS}"
    return folder


def follow() -> None:
    """Keep this process's index fresh from a daemon thread, so that no search waits for it."""
    threading.Thread(target=_follow_forever, name="follow-index", daemon=True).start()


def _follow_forever() -> None:
    while True:
        try:
            live_index().refresh()
        except DatabaseError as problem:
            logger.warning("The index cannot follow the database: %s", problem)
            time.sleep(5)
        close_old_connections()
        time.sleep(FOLLOW_SECONDS)
