"""The lexical index of this process, which follows the change log.

All processes of a machine share a snapshot on disk. Each process reads the change log from the
snapshot's position on and adds the later changes in memory. If these are many, one process applies
them and writes snapshots on the way, which the others open.
"""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import F

from documents.messages import Message
from documents.models import Document, Passage
from documents.models.ranking_settings import WEIGHT_FIELDS, FieldWeights
from retrieval.analysis import ANALYSIS_VERSION
from retrieval.hits import DocumentEntry, PassageEntry, Value
from retrieval.lexical import BM25Index, SnapshotFolder, checkpoint_due, delete_if_unused
from retrieval.live_index import change_log
from retrieval.live_index.passage_entries import PassageText, passage_entries
from retrieval.models import IndexIdentity
from retrieval.query import columns, expression_of

logger = logging.getLogger(__name__)

DOCUMENTS_AT_ONCE = 200
WAIT_SECONDS = 0.5


class LiveIndex:
    """A BM25Index with the methods that apply the change log to it.

    `bm25` may be read and searched at any time, without a lock. While `caught_up` is set, it lacks
    only what was published since the last refresh. Otherwise the index is being built, and
    `share_built` is the progress. `followed` says that an IndexFollower refreshes it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.snapshots = SnapshotFolder(folder)
        self.bm25 = self.snapshots.open()
        self.caught_up = threading.Event()
        self.followed = False
        self._lock = threading.Lock()
        self._build_from = self._build_to = 0  # positions

    def refresh(self) -> BM25Index:
        """Apply all changes until now, however long it takes."""
        with self._lock:
            while not self._advance():
                time.sleep(WAIT_SECONDS)
            return self.bm25

    def compact(self) -> bool:
        """Write a snapshot with all changes until now if `compaction_due`; whether it was written.

        Does not wait for another thread or process that changes the index.
        """
        if not self._lock.acquire(blocking=False):
            return False
        try:
            if not self._advance():
                return False
            with self.snapshots.writing() as alone:
                return alone and self._write_if_due()
        finally:
            self._lock.release()

    @property
    def share_built(self) -> float:
        """The share of a running build that is done, from 0 to 1."""
        if self.caught_up.is_set():
            return 1.0
        missing = self._build_to - self._build_from
        done = self.bm25.position - self._build_from
        return min(max(done / missing, 0.0), 1.0) if missing else 0.0

    def _advance(self) -> bool:
        """Apply all changes; False if another process builds the index."""
        self._take_newer_snapshot()
        newest = change_log.newest_change()
        if newest != self.bm25.position and not self._catch_up(newest):
            return False
        self.caught_up.set()
        return True

    def _catch_up(self, newest: int) -> bool:
        if not self._usable(self.bm25):
            self._rebuild()
        if not self.bm25.position:
            self.bm25.begun_at = newest
        changes = change_log.changes_after(self.bm25.position)
        if len(changes) == change_log.CHANGES_AT_ONCE:  # and perhaps many more
            return self._build(newest)
        _apply(self.bm25, changes)
        return True

    def _rebuild(self) -> None:
        logger.warning("The lexical index does not match the database any more and is rebuilt.")
        self.caught_up.clear()
        self._build_to = 0
        self.bm25 = self.snapshots.open(self._usable)

    def _build(self, newest: int) -> bool:
        """Apply many changes, with snapshots on the way; False if another process does."""
        if self.caught_up.is_set() or not self._build_to:
            self._build_from, self._build_to = self.bm25.position, newest
        self.caught_up.clear()
        with self.snapshots.writing() as alone:
            if alone:
                self._build_alone()
        return alone

    def _build_alone(self) -> None:
        behind = writable = True
        while behind:
            self._take_newer_snapshot()  # another's, or the own one
            changes = change_log.changes_after(self.bm25.position)
            part = changes[:DOCUMENTS_AT_ONCE]  # a checkpoint may be due after each
            _apply(self.bm25, part)
            behind = part != changes or len(changes) == change_log.CHANGES_AT_ONCE
            if writable and checkpoint_due(self.bm25.size_in_segment, self.bm25.passage_count):
                writable = self.snapshots.write(self.bm25)
        if writable:
            self._write_if_due()

    def _write_if_due(self) -> bool:
        self._take_newer_snapshot()
        return self.snapshots.due(self.bm25) and self.snapshots.write(self.bm25)

    def _take_newer_snapshot(self) -> None:
        """Replace the index by a newer snapshot, once that has all changes of the index."""
        newer = self.snapshots.newer_than(self.bm25.snapshot_position)
        if newer is None:
            return
        while newer.position < self.bm25.position:
            changes = change_log.changes_after(newer.position)
            if not changes:
                break
            _apply(newer, changes)
        self.bm25 = newer

    @staticmethod
    def _usable(index: BM25Index) -> bool:
        return not index.position or change_log.reaches(index.position, index.begun_at)


def _apply(index: BM25Index, changes: Sequence[tuple[int, UUID]]) -> None:
    """Update the documents of these changes to their present state."""
    for at in range(0, len(changes), DOCUMENTS_AT_ONCE):
        part = changes[at : at + DOCUMENTS_AT_ONCE]
        documents = {document for _, document in part}
        gone = set(map(str, documents))
        for document, passages in _published(documents):
            index.add(document, passages)
            gone.discard(document.document_id)
        for document_id in gone:
            index.remove(document_id)
        index.position = part[-1][0]


def _published(documents: set[UUID]) -> Iterator[tuple[DocumentEntry, list[PassageEntry]]]:
    """The entries of those of `documents` that are published.

    A document whose text cannot be analysed is left out: it must not block those after it.
    """
    values = _column_values(documents)
    rows = (
        Passage.objects.filter(
            document__in=documents, document__deleted_at=None, version=F("document__version")
        )
        .order_by("document_id", "ordinal")
        .values_list(
            "document_id", "document__title", "document__filename", "document__language",
            *(f"document__collection__{name}" for name in WEIGHT_FIELDS),
            "id", "headings", "text", "start",
        )
    )  # fmt: skip
    for (document, title, filename, language, *weights), listed in groupby(
        rows, key=lambda row: row[:7]
    ):
        own = [PassageText(*row[7:]) for row in listed]
        if document not in values:  # it was deleted this very moment
            continue
        try:
            passages = list(passage_entries(title, filename, language, own, FieldWeights(*weights)))
        except MemoryError:  # says nothing about the document
            raise
        except Exception:
            logger.exception("Document %s is left out of the lexical index.", document)
        else:
            yield DocumentEntry(str(document), values[document]), passages


def _column_values(documents: set[UUID]) -> dict[UUID, dict[str, Value]]:
    """Each document's values in the columns of the index, without nulls."""
    names, fields = zip(*columns().items(), strict=True)
    rows = (
        Document.objects.filter(pk__in=documents)
        .order_by()
        .values_list("pk", *(expression_of(field.column) for field in fields))
    )
    return {
        pk: {name: value for name, value in zip(names, values, strict=True) if value is not None}
        for pk, *values in rows
    }


_live: dict[str, LiveIndex] = {}
_live_lock = threading.Lock()


def live_index() -> LiveIndex:
    """This process's index of the present database, whose identity is read once."""
    return _live.get(_database()) or identified_index()


def identified_index() -> LiveIndex:
    """As `live_index`, but reads the identity again, as the database may have been replaced."""
    folder = snapshot_folder(IndexIdentity.objects.get_or_create(singleton=True)[0])
    with _live_lock:
        found = _live.get(_database())
        if found is None or found.folder != folder:
            _live.clear()
            found = _live[_database()] = LiveIndex(folder)
        return found


def delete_outdated_snapshots() -> int:
    """Delete the snapshots of this database for other analyses or filter fields, as earlier
    versions of the product wrote them, unless a running process has them open. Returns how many
    folders were deleted."""
    identity = IndexIdentity.objects.get_or_create(singleton=True)[0]
    current = snapshot_folder(identity)
    others = [path for path in current.parent.glob(f"{identity}-*/") if path != current]
    return sum(delete_if_unused(path) for path in others)


def drop_live_index() -> None:
    """Drop the index from memory; the next search opens it from the snapshots."""
    _live.clear()


def current_index() -> BM25Index:
    """The index for a search: kept fresh by the follower or, without one, refreshed now."""
    live = live_index()
    return live.bm25 if live.followed else identified_index().refresh()


def index_state() -> tuple[bool, Message]:
    """Whether lexical search finds everything, and a message on it; without any query."""
    live = _live.get(_database())
    if live is None or not live.followed:
        return True, Message("index_refreshed_by_searches")
    if live.caught_up.is_set():
        return True, Message("index_fresh")
    percent = int(100 * live.share_built)
    return False, Message("index_building", {"percent": percent})


def _database() -> str:
    return "{HOST}:{PORT}/{NAME}".format_map(connection.settings_dict)


def snapshot_folder(identity: IndexIdentity) -> Path:
    """The folder of a database's snapshots, for this version's analysis and filter fields."""
    version = "-".join([str(ANALYSIS_VERSION), *sorted(columns())])
    folder: Path = settings.VAR_DIR / "lexical" / f"{identity}-{version}"
    return folder
