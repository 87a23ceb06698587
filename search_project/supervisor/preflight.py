"""Checks before a start; each failure is one sentence that says what to do."""

import contextlib
import errno
import fcntl
import os
import shutil
import socket
from collections.abc import Iterator

import psutil

from search_project.data_dir import InstallationState
from search_project.errors import StartError
from search_project.servers.lifecycle import alone

NEEDED_MB = 500


def writable(state: InstallationState) -> None:
    """Raises StartError if VAR_DIR is not writable."""
    try:
        probe = state.folder("run") / f".write.{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise StartError(
            f"Nothing can be written to {state.var} ({error.strerror}): "
            "make it writable, or set VAR_DIR to another folder."
        ) from error


def enough_disk(state: InstallationState) -> None:
    free = shutil.disk_usage(state.var).free // 2**20
    if free < NEEDED_MB:
        raise StartError(
            f"Only {free} MB are free on the disk of {state.var}, and {NEEDED_MB} MB are needed: "
            "free some, or set VAR_DIR to a folder on another disk."
        )


@contextlib.contextmanager
def only_one(state: InstallationState, address: str) -> Iterator[None]:
    """Hold the lock of the one `up` of this folder. Raises StartError if another has it."""
    path = state.folder("run") / "up.lock"
    with path.open("a+", encoding="utf-8") as lock:
        if not alone(lock):
            lock.seek(0)
            pid, _, where = lock.read().partition(" ")
            raise StartError(
                f"Lantern already runs from {state.var} at {where} (process {pid}): "
                "use that one, or stop it with Ctrl-C first."
            )
        lock.truncate(0)
        lock.write(f"{os.getpid()} {address}")
        lock.flush()
        yield
        lock.truncate(0)
        fcntl.flock(lock, fcntl.LOCK_UN)


def port_free(host: str, port: int) -> None:
    """Raises StartError, naming the program that has the port where that can be seen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror as error:
            raise StartError(_not_ours(host)) from error
        except PermissionError as error:
            raise StartError(
                f"Port {port} needs the rights of root: choose another, PORT=8000 say."
            ) from error
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise StartError(_not_ours(host)) from error
            raise StartError(
                f"Port {port} is taken{_owner(port)}: "
                f"stop what uses it, or choose another, PORT={port + 1} say."
            ) from error


def _not_ours(host: str) -> str:
    return f"HOST={host} is no address of this machine: 127.0.0.1 is for it alone, 0.0.0.0 for all."


def _owner(port: int) -> str:
    with contextlib.suppress(psutil.Error, OSError):
        for connection in psutil.net_connections("tcp"):
            if connection.laddr and connection.laddr.port == port and connection.pid:
                name = psutil.Process(connection.pid).name()
                return f" by {name} (process {connection.pid})"
    return ""
