"""The folder in which the processes of a machine share the snapshots of one index."""

import fcntl
import logging
import math
import os
import shutil
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from retrieval.lexical.bm25 import BM25Index
from retrieval.lexical.snapshot import SnapshotError

logger = logging.getLogger(__name__)

KEPT = 2  # the newest but one may be opening
SHARE = 1 / 20
LEAST_PASSAGES = 5_000
LONGEST_SECONDS = 600
PASSAGES_OF_THAT = 100_000
CHECKPOINT_SHARE = 1 / 4
CHECKPOINT_PASSAGES = 50_000
USE_LOCK = "use.lock"


def compaction_due(unsaved: int, total: int, age: float) -> bool:
    """Whether an index of `total` passages is worth a new snapshot.

    `unsaved` passages were added or removed since the last one, which is `age` seconds old. A
    snapshot is written whole, about 370 bytes a passage, and a process that starts analyses what
    it lacks, about 10,000 passages a second. So a snapshot is due

    - when it lacks a twentieth of the passages: then 20 passages are written for one that changed
      (7 kB), and a start analyses 5 % at most. Below 5,000 passages, which take half a second, a
      share does not count;
    - when it is ten minutes old, or, above 100,000 passages, as many times older as the index is
      larger: then slow changes cost 60 kB a second whatever the size, and no snapshot falls so far
      behind that the change log has forgotten deletions it still holds.
    """
    if unsaved >= max(LEAST_PASSAGES, SHARE * total):
        return True
    return age >= LONGEST_SECONDS * max(1.0, total / PASSAGES_OF_THAT)


def checkpoint_due(unsaved: int, total: int) -> bool:
    """Whether a long build writes what it has so far.

    Snapshots grow by a third each time, so that all of them together are four times the last.
    """
    return unsaved >= max(CHECKPOINT_PASSAGES, CHECKPOINT_SHARE * total)


def delete_if_unused(path: Path) -> bool:
    """Delete a folder of snapshots; False where a process of this machine has it open.

    Pages that a process has mapped would outlive the files, but its next look for a newer snapshot
    would fail.
    """
    with (path / USE_LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        shutil.rmtree(path, ignore_errors=True)
    return True


class SnapshotFolder:
    """Snapshots named by their position in the change log, in twenty digits.

    As long as the instance lives, `delete_if_unused` spares the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        use = os.open(path / USE_LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        fcntl.flock(use, fcntl.LOCK_SH)
        weakref.finalize(self, os.close, use)

    def all(self) -> list[Path]:
        """From the oldest to the newest."""
        return sorted(path for path in self.path.iterdir() if path.name.isdigit())

    def open(self, usable: Callable[[BM25Index], bool] = lambda _: True) -> BM25Index:
        """The newest one that is whole and `usable`, or an empty index; others are deleted."""
        for path in reversed(self.all()):
            try:
                index = BM25Index.open(path)
            except SnapshotError as problem:
                logger.warning("A snapshot cannot be used: %s", problem)
                if isinstance(problem.__cause__, OSError):  # out of reach, perhaps not damaged
                    continue
            else:
                if usable(index):
                    return index
            shutil.rmtree(path, ignore_errors=True)
        return BM25Index()

    def newer_than(self, position: int) -> BM25Index | None:
        """The newest one, if it was taken after `position`."""
        newest = max(self.all(), default=None)
        if newest is not None and int(newest.name) > position:
            with suppress(SnapshotError):  # a still newer one has replaced it: next time
                return BM25Index.open(newest)
        return None

    def due(self, index: BM25Index) -> bool:
        """Whether `compaction_due` applies to the changes of `index` since the newest snapshot."""
        if index.position <= max(index.snapshot_position, 0):
            return False
        newest = max(self.all(), default=None)
        age = math.inf if newest is None else time.time() - newest.stat().st_mtime
        return compaction_due(index.size_in_segment, index.passage_count, age)

    def write(self, index: BM25Index) -> bool:
        """Save `index`, which must not change meanwhile; False if the disk refuses.

        Call it inside `writing`.
        """
        try:
            index.save(self.path / f"{index.position:020d}", index.position)
        except OSError:
            logger.exception("A snapshot of the lexical index cannot be written.")
            return False
        for path in [*self.all()[:-KEPT], *self.path.glob(".*.*/")]:  # and those of a crash
            shutil.rmtree(path, ignore_errors=True)
        return True

    @contextmanager
    def writing(self) -> Iterator[bool]:
        """True for one process of the machine at a time."""
        with (self.path / "writing.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    @property
    def size(self) -> int:
        """In bytes on disk."""
        total = 0
        for path in self.path.rglob("*"):
            with suppress(FileNotFoundError):  # replaced meanwhile
                total += path.stat().st_size if path.is_file() else 0
        return total
