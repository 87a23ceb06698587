"""The common part of the embedded servers."""

import contextlib
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import psutil

from search_project.data_dir import InstallationState
from search_project.errors import StartError
from search_project.servers.unprivileged_user import Account, account_for

LOG_LIMIT = 10_000_000
START_SECONDS = 180.0
STOP_SECONDS = 30.0


class Embedded(ABC):
    """A server of ours under VAR_DIR, on the loopback address, run as a child process."""

    name: ClassVar[str]
    label: ClassVar[str]
    stop: ClassVar[str]

    def __init__(self, state: InstallationState) -> None:
        self.state = state
        self.folder = state.var / self.name
        self.log = state.folder("log") / f"{self.name}.log"

    @property
    @abstractmethod
    def binary(self) -> Path: ...

    @abstractmethod
    def prepare(self) -> None:
        """Create the server's files. Raises StartError."""

    @abstractmethod
    def arguments(self) -> list[str]: ...

    @abstractmethod
    def healthy(self) -> bool:
        """Whether it answers on the stored port and accepts the stored password."""

    @abstractmethod
    def recorded_pid(self) -> int | None:
        """The process id that the server wrote to disk; the process may be dead."""

    @cached_property
    def account(self) -> Account:
        return account_for(self.binary, self.state.var)

    @property
    def port(self) -> int:
        return self.state.port(self.name)

    def command(self) -> list[str]:
        return self.account.command([str(self.binary), *self.arguments()], self.stop)

    def process(self) -> psutil.Process | None:
        """The running server of this folder, regardless of which process started it."""
        pid = self.recorded_pid()
        with contextlib.suppress(psutil.Error, OSError, TypeError):
            process = psutil.Process(pid)
            if pid and Path(process.cwd()) == self.folder and process.status() != "zombie":
                return process
        return None

    def settle_port(self) -> None:
        """Choose another port if another program has taken the stored one."""
        if self.process() is None and not can_listen(self.port):
            self.state.new_port(self.name)

    def start(self) -> subprocess.Popen[bytes]:
        """Start it as a child of this process and wait until it answers. Raises StartError."""
        self.prepare()
        trim(self.log)
        with self.log.open("ab") as log:
            # A group of its own, so that Ctrl-C at the console reaches the command alone.
            child = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                process_group=0,
            )  # fmt: skip
        self.wait(lambda: child.poll() is None)
        return child

    def wait(self, alive: Callable[[], bool], seconds: float = START_SECONDS) -> None:
        """Wait until it answers. Raises StartError if it dies or is silent for `seconds`."""
        deadline = time.monotonic() + seconds
        while not self.healthy():
            if not alive() or time.monotonic() > deadline:
                raise StartError(f"{self.label} does not start; its log, {self.log}, says why.")
            time.sleep(0.05)

    def end(self) -> None:
        """Stop the running server of this folder, if any, without losing data."""
        process = self.process()
        if process is None:
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.Signals[f"SIG{self.stop}"])
            try:
                process.wait(STOP_SECONDS)
            except psutil.TimeoutExpired:
                process.kill()
                process.wait(STOP_SECONDS)


def can_listen(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def trim(log: Path) -> None:
    """Keep one older log beside the current one."""
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))
