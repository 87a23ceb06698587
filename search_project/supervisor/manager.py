"""supervisord as a child of `manage.py up`: it starts, restarts and stops all other processes."""

import contextlib
import subprocess
import sys
import time
import xmlrpc.client
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from search_project.data_dir import InstallationState
from search_project.errors import StartError
from search_project.servers.embedded import can_listen
from search_project.servers.unprivileged_user import CHILD
from search_project.supervisor.programs import Program, configuration, environment

STOP_SECONDS = 15
DEATHS = 5
DEATHS_WITHIN = 120.0


@dataclass
class Supervised:
    """The programs under a running supervisord."""

    programs: list[Program]
    process: subprocess.Popen[bytes]
    rpc: Any
    pids: dict[str, int] = field(default_factory=dict)
    deaths: dict[str, deque[float]] = field(default_factory=dict)

    def start(self, group: str) -> None:
        self.rpc.startProcessGroup(group, False)

    def alive(self, name: str) -> bool:
        """Whether it runs or is about to."""
        return self.info()[name]["statename"] in ("STARTING", "RUNNING", "BACKOFF")

    def info(self) -> dict[str, dict[str, Any]]:
        """supervisord's state of each program. Raises StartError if supervisord is gone."""
        try:
            return {process["name"]: process for process in self.rpc.getAllProcessInfo()}
        except (OSError, xmlrpc.client.Error) as error:
            raise StartError("The process manager has died; everything was stopped.") from error

    def restarted(self) -> list[str]:
        """A line for each program that was started again since the last call.

        Raises StartError when one cannot stay up.
        """
        lines = []
        for name, info in self.info().items():
            self._must_stay_up(name, info["statename"] == "FATAL")
            pid, before = info["pid"], self.pids.get(name)
            if not pid or pid == before:
                continue
            self.pids[name] = pid
            if before:
                self.deaths.setdefault(name, deque(maxlen=DEATHS)).append(time.monotonic())
                lines.append(f"{name} (process {before}) has died; started again as {pid}.")
        return lines

    def _must_stay_up(self, name: str, fatal: bool) -> None:
        deaths = self.deaths.get(name, deque())
        often = len(deaths) == DEATHS and time.monotonic() - deaths[0] < DEATHS_WITHIN
        if fatal or often:
            log = next(program.log for program in self.programs if program.name == name)
            raise StartError(f"{name} cannot stay up. The end of {log}:\n{last_lines(log)}")

    def stop(self) -> None:
        """All programs in reverse order, then supervisord; by force after STOP_SECONDS."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            # The kernel signals its children when their parent is gone.
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def supervised(state: InstallationState, programs: list[Program]) -> Iterator[Supervised]:
    """supervisord with the servers starting and the product waiting to be started."""
    port = state.port("supervisor")
    if not can_listen(port):
        port = state.new_port("supervisor")
    password = state.secret("supervisor")
    path = state.folder("run") / "supervisord.conf"
    path.touch(mode=0o600)
    path.write_text(configuration(programs, port, password), encoding="utf-8")
    command = [sys.executable, CHILD, "--signal", "TERM", sys.executable, "-m",
               "supervisor.supervisord", "-n", "-c", str(path)]  # fmt: skip
    with (state.folder("log") / "supervisord.out").open("wb") as output:
        # A group of its own, so that Ctrl-C at the console reaches `up` alone, which stops it all.
        process = subprocess.Popen(
            command, cwd=state.var, env=environment(programs), stdin=subprocess.DEVNULL,
            stdout=output, stderr=output, process_group=0,
        )  # fmt: skip
    rpc = xmlrpc.client.ServerProxy(f"http://lantern:{password}@127.0.0.1:{port}/RPC2")
    manager = Supervised(programs, process, rpc.supervisor)
    try:
        wait_for(manager, output.name)
        yield manager
    finally:
        manager.stop()


def wait_for(manager: Supervised, output: str) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and manager.process.poll() is None:
        with contextlib.suppress(OSError, xmlrpc.client.Error):
            manager.rpc.getState()
            return
        time.sleep(0.05)
    raise StartError(f"The process manager does not start; {output} says why.")


def last_lines(log: Any, count: int = 8) -> str:
    with contextlib.suppress(OSError), log.open(errors="replace") as lines:
        return "".join(f"  {line}" for line in deque(lines, maxlen=count)).rstrip()
    return "  (no log)"
