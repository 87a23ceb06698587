"""What a reader would try that was taken over by a file; runs in a child, so it imports nothing of
ours. Each attempt returns what it got, or raises."""

import ctypes
import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

GIGABYTE = 1 << 30


def attempt(action: Callable[..., Any], *arguments: Any) -> str:
    """Empty when it was refused."""
    try:
        return str(action(*arguments)) or "done"
    except OSError:
        return ""


def read_file(place: str) -> str:
    return attempt(lambda: Path(place).read_text(errors="replace"))


def list_folder(place: str) -> str:
    return attempt(os.listdir, place)


def write_file(place: str) -> str:
    return attempt(lambda: Path(place).write_text("x"))


def parent_environment() -> str:
    return read_file(f"/proc/{os.getppid()}/environ")


def own_environment() -> dict[str, str]:
    return dict(os.environ)


def connect_tcp(port: int) -> str:
    return attempt(socket.create_connection, ("127.0.0.1", port), 2)


def connect_unix(place: str) -> str:
    def connect() -> str:
        with socket.socket(socket.AF_UNIX) as one:
            one.connect(place)
        return "connected"

    return attempt(connect)


def kill_parent() -> str:
    return attempt(os.kill, os.getppid(), 0)


def leave_group() -> str:
    return attempt(os.setsid)


def new_namespace() -> str:
    libc = ctypes.CDLL(None, use_errno=True)
    return "" if libc.unshare(0x10000000) else "done"


def run_program(*command: str) -> tuple[int, str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def write_gigabytes(count: int) -> int:
    """How many bytes could be written."""
    block, written = b"\0" * (1 << 24), 0
    try:
        with Path("large").open("wb", buffering=0) as target:
            while written < count * GIGABYTE:
                written += target.write(block)
    except OSError:
        pass
    return written


def use_memory(count: int) -> int:
    return len(bytearray(count * GIGABYTE))


def status() -> dict[str, str]:
    lines = Path("/proc/self/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def copy_of(path: Path) -> str:
    return path.read_text()


def leave_a_file() -> str:
    place = Path(os.environ["TMPDIR"]) / "left"
    place.write_text("words of a document")
    return str(place)


def wait_with_a_program() -> None:
    subprocess.run(["sleep", "987"], check=False)


def answer(value: Any) -> Any:
    return value
