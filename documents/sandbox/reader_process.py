"""One confined child, from the side of its parent."""

import contextlib
import io
import json
import logging
import os
import pickle
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from documents.sandbox.confinement import clean_environment, confinement_for, source_paths

log = logging.getLogger(__name__)

CHILD = str(Path(__file__).with_name("child.py"))
PREFIX = "lantern-reader-"
START_SECONDS = 60.0
LEFT_SECONDS = 3600.0
# No text or picture that is taken is larger.
ANSWER_BYTES = 512 << 20
HEADER = struct.Struct("=Q")

_told: set[str] = set()


class WorkerCrashed(Exception):
    """The child crashed or wanted more memory than it may have; the next call gets a new one."""


class ReaderProcess:
    """One child. Raises WorkerCrashed where it does not start."""

    def __init__(self, memory: int, file_bytes: int, idle: float) -> None:
        _remove_leftovers()
        self.scratch = tempfile.mkdtemp(prefix=PREFIX)
        facts = confinement_for(self.scratch, memory, file_bytes, source_paths())
        if facts.user:
            os.chown(self.scratch, facts.user, facts.user)
        self.socket, theirs = socket.socketpair()
        awaited, self.lifeline = os.pipe()
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-P", CHILD, str(theirs.fileno()), str(awaited),
                 json.dumps(facts.as_json()), str(2 * idle)],
                stdin=subprocess.DEVNULL, pass_fds=(theirs.fileno(), awaited),
                env=clean_environment(self.scratch), cwd=self.scratch, start_new_session=True,
            )  # fmt: skip
        finally:
            theirs.close()
            os.close(awaited)
        # Also at the end of this process.
        self.stop = weakref.finalize(
            self, _end, self.process, self.socket, self.lifeline, self.scratch
        )
        self.idle = idle
        self.used = time.monotonic()
        _tell(msgspec.msgpack.decode(self._received(self.used + START_SECONDS), type=list[str]))

    def is_fresh(self) -> bool:
        """Whether it lives, and has not been idle so long that it may go at any moment."""
        return self.process.poll() is None and time.monotonic() - self.used < self.idle

    def ask(self, function: Callable[..., Any], arguments: Any, seconds: float) -> bytes:
        """Its answer. Raises TimeoutError or WorkerCrashed; it is of no use any more then."""
        with contextlib.ExitStack() as opened:
            data, descriptors = _packed((function, arguments), opened)
            deadline = time.monotonic() + seconds
            try:
                self.socket.settimeout(seconds)
                socket.send_fds(self.socket, [HEADER.pack(len(data))], descriptors)
                self.socket.sendall(data)
            except (BrokenPipeError, ConnectionError) as error:
                raise WorkerCrashed from error
        answer = self._received(deadline)
        self.used = time.monotonic()
        return answer

    def _received(self, deadline: float) -> bytes:
        (length,) = HEADER.unpack(self._read(HEADER.size, deadline))
        if length > ANSWER_BYTES:
            raise WorkerCrashed
        return self._read(length, deadline)

    def _read(self, length: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < length:
            self.socket.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                part = self.socket.recv(min(length - len(data), 1 << 20))
            except ConnectionError as error:
                raise WorkerCrashed from error
            if not part:
                raise WorkerCrashed
            data += part
        return bytes(data)


class TaskPickler(pickle.Pickler):
    """Opens the paths that it meets; a file that is not there becomes an empty descriptor."""

    def __init__(self, target: io.BytesIO, opened: contextlib.ExitStack) -> None:
        super().__init__(target)
        self.opened = opened
        self.descriptors: list[int] = []

    def persistent_id(self, obj: Any) -> int | None:
        if not isinstance(obj, Path):
            return None
        path = obj if obj.is_file() else Path(os.devnull)
        self.descriptors.append(self.opened.enter_context(path.open("rb")).fileno())
        return len(self.descriptors) - 1


def _packed(task: Any, opened: contextlib.ExitStack) -> tuple[bytes, list[int]]:
    target = io.BytesIO()
    pickler = TaskPickler(target, opened)
    pickler.dump(task)
    return target.getvalue(), pickler.descriptors


def _tell(missing: list[str]) -> None:
    """Once in each process."""
    for one in missing:
        if one not in _told:
            _told.add(one)
            log.warning("Readers of files work without %s.", one)


def _end(
    process: "subprocess.Popen[bytes]", parent: socket.socket, lifeline: int, scratch: str
) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    parent.close()
    os.close(lifeline)
    shutil.rmtree(scratch, ignore_errors=True)


def _remove_leftovers() -> None:
    """Copies of files that killed processes have left; who works touches its folder."""
    before = time.time() - LEFT_SECONDS
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_mtime < before:
                shutil.rmtree(folder, ignore_errors=True)
