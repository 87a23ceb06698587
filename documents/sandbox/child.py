"""The program of a reader: it confines itself, then does what its parent sends until that is gone.

    python -P child.py SOCKET LIFELINE CONFINEMENT IDLE_SECONDS

What comes in is trusted and pickled; each path in it becomes that of a private copy, made from an
open descriptor. What goes out is not trusted: plain values in MessagePack.
"""

import contextlib
import fcntl
import importlib.util
import io
import json
import os
import pickle
import shutil
import signal
import socket
import struct
import sys
import threading
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

HEADER = struct.Struct("=Q")
MOST_FILES = 250
F_SETSIG = 10  # Linux


class SourceFinder(MetaPathFinder):
    """Top-level modules by their paths, so that no folder above them need be readable."""

    def __init__(self, sources: dict[str, str]) -> None:
        self.sources = {name: Path(path) for name, path in sources.items()}

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        place = self.sources.get(fullname)
        if place is None:
            return None
        if place.is_file():
            return importlib.util.spec_from_file_location(fullname, place)
        return importlib.util.spec_from_file_location(
            fullname, place / "__init__.py", submodule_search_locations=[str(place)]
        )


class TaskUnpickler(pickle.Unpickler):
    """The task that the parent sent, with paths to the copies of its files."""

    def __init__(self, data: bytes, paths: list[Path]) -> None:
        super().__init__(io.BytesIO(data))
        self.paths = paths

    def persistent_load(self, pid: Any) -> Path:
        return self.paths[int(pid)]


def main() -> None:
    parent, lifeline = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])
    facts = json.loads(sys.argv[3])
    sys.meta_path.append(SourceFinder(facts["sources"]))

    from documents.sandbox.confinement import Confinement

    confinement = Confinement(**facts)
    missing = confinement.enter()
    end_with_parent(lifeline)
    send(parent, missing)
    while do_task(parent, Path(confinement.scratch), float(sys.argv[4])):
        pass


def end_with_parent(lifeline: int) -> None:
    """Have the kernel kill this group once the parent has closed the other end, by dying say.

    Elsewhere a thread sees to it, which native code may hold up.
    """
    if sys.platform == "linux":
        fcntl.fcntl(lifeline, F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpgrp())
        flags = fcntl.fcntl(lifeline, fcntl.F_GETFL)
        fcntl.fcntl(lifeline, fcntl.F_SETFL, flags | os.O_ASYNC)
    else:
        waiting = threading.Thread(target=_await_end, args=(lifeline,), daemon=True)
        waiting.start()


def _await_end(lifeline: int) -> None:
    os.read(lifeline, 1)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def do_task(parent: socket.socket, scratch: Path, idle: float) -> bool:
    """Do one task; False when there will be none any more, or none came for so long."""
    parent.settimeout(idle)
    try:
        header, descriptors, _, _ = socket.recv_fds(parent, HEADER.size, MOST_FILES)
    except TimeoutError:
        return False
    parent.settimeout(None)
    if len(header) < HEADER.size:
        return False
    (length,) = HEADER.unpack(header)
    data = _received(parent, length)
    folder = scratch / "files"
    folder.mkdir()
    try:
        paths = [_copied(one, folder / str(at)) for at, one in enumerate(descriptors)]
        send(parent, _answer(data, paths))
    finally:
        _emptied(scratch)
    return True


def _copied(descriptor: int, path: Path) -> Path:
    """Files that are not there have a descriptor of nothing, and so no copy."""
    with open(descriptor, "rb") as source:
        if os.path.samestat(os.fstat(descriptor), Path(os.devnull).stat()):
            return path
        with path.open("xb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
    return path


def _emptied(scratch: Path) -> None:
    for path in scratch.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                path.unlink()


def _answer(data: bytes, paths: list[Path]) -> dict[str, Any]:
    from documents.errors import Failure, ReportedError

    function, arguments = TaskUnpickler(data, paths).load()
    try:
        return {"value": function(*arguments)}
    except ReportedError as error:
        return {"failure": Failure.of(error)}


def _received(parent: socket.socket, length: int) -> bytes:
    data = bytearray()
    while len(data) < length:
        data += parent.recv(min(length - len(data), 1 << 20))
    return bytes(data)


def send(parent: socket.socket, value: Any) -> None:
    import msgspec

    data = msgspec.msgpack.encode(value)
    parent.sendall(HEADER.pack(len(data)) + data)


if __name__ == "__main__":
    main()
