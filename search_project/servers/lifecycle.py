"""The lifecycle of the embedded servers, which all commands of an installation share.

There are two locks under VAR_DIR/run. A process holds `gate` while it starts or stops servers, and
a shared lock on `users` while it uses them. The process that started the servers stops them once
no other process holds `users`.
"""

import contextlib
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from search_project import env
from search_project.data_dir import InstallationState, installation
from search_project.errors import StartError
from search_project.servers.broker import Broker
from search_project.servers.cache import CacheServer
from search_project.servers.embedded import Embedded
from search_project.servers.postgres import Postgres

OTHERS_SECONDS = 30.0


def embedded(state: InstallationState) -> list[Embedded]:
    """The embedded servers of this installation, in the order of their start."""
    servers: list[Embedded] = []
    if not env.text("DATABASE_URL"):
        servers.append(Postgres(state))
    if not env.text("REDIS_URL"):
        servers.append(Broker(state))
        if not env.text("CACHE_URL"):
            servers.append(CacheServer(state))
    return servers


def settle_ports(state: InstallationState) -> None:
    """Replace stored ports that other programs have taken; call it before settings are read."""
    with gate(state):
        for server in embedded(state):
            server.settle_port()


@contextlib.contextmanager
def servers_running(state: InstallationState | None = None) -> Iterator[bool]:
    """Use the running servers, or start the embedded ones; yields whether it started them.

    Call it before the settings are read, as it may replace a port that another program has taken.
    Raises StartError.
    """
    state = state or installation()
    servers = embedded(state)
    if not servers:
        yield False
        return
    with users(state) as lock:
        with gate(state):
            ours = alone(lock)
            fcntl.flock(lock, fcntl.LOCK_SH)
            children = start(servers) if ours else []
        try:
            await_others(servers)
            yield bool(children)
        finally:
            if ours:
                stop_when_unused(state, lock, servers, children)


@contextlib.contextmanager
def exclusive(state: InstallationState, servers: list[Embedded]) -> Iterator[None]:
    """For `up`, which runs the servers under its own manager and shares them with commands.

    Servers that a killed manager has left are stopped first. Raises StartError while another
    command runs the servers itself.
    """
    with users(state) as lock:
        with gate(state):
            if servers and not alone(lock):
                raise StartError(
                    f"Another command uses the database in {state.var}: try again when it is done."
                )
            for server in reversed(servers):
                server.end()
            fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def start(servers: list[Embedded]) -> list[subprocess.Popen[bytes]]:
    """Start those that do not answer. What was started is stopped again when one cannot."""
    children: list[subprocess.Popen[bytes]] = []
    try:
        for server in servers:
            server.settle_port()
            if not server.healthy():
                server.end()
                children.append(server.start())
    except BaseException:
        stop(servers, children)
        raise
    return children


def await_others(servers: list[Embedded]) -> None:
    """Wait for the servers, of which another process may restart one. Raises StartError."""
    for server in servers:
        server.wait(lambda: True, OTHERS_SECONDS)


def stop(servers: list[Embedded], children: list[subprocess.Popen[bytes]]) -> None:
    for server in reversed(servers):
        server.end()
    for child in children:
        if child.poll() is None:
            child.kill()
        child.wait()


def stop_when_unused(
    state: InstallationState,
    lock: IO[str],
    servers: list[Embedded],
    children: list[subprocess.Popen[bytes]],
) -> None:
    """Wait until no other command uses the servers, then stop them."""
    reported = False
    try:
        while True:
            with gate(state):
                if alone(lock):
                    return
            if not reported:
                print("Waiting for other commands that use these servers.", file=sys.stderr)
                reported = True
            time.sleep(0.2)
    finally:
        with gate(state):
            stop(servers, children)


@contextlib.contextmanager
def gate(state: InstallationState) -> Iterator[None]:
    with _open(state.folder("run") / "gate.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def users(state: InstallationState) -> Iterator[IO[str]]:
    with _open(state.folder("run") / "users.lock") as lock:
        yield lock


def alone(lock: IO[str]) -> bool:
    """Take the lock for this process only, if nobody else holds it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _open(path: Path) -> IO[str]:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")
