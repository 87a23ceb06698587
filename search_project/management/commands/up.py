"""`manage.py up`: start the whole product and run it until Ctrl-C."""

import contextlib
import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from functools import partial
from types import FrameType
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand

from search_project.data_dir import BASE_DIR
from search_project.errors import StartError
from search_project.servers.lifecycle import embedded, exclusive
from search_project.servers.unprivileged_user import CHILD
from search_project.supervisor import preflight
from search_project.supervisor.console import Console
from search_project.supervisor.manager import Supervised, supervised
from search_project.supervisor.programs import PRODUCT, product_programs, server_programs

READY_SECONDS = 300
WATCH_SECONDS = 0.5


class StopRequested(BaseException):
    """Ctrl-C or a signal ends the command."""


class Command(BaseCommand):
    help = "Start everything, say where it answers, and stop everything at Ctrl-C."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.console = Console(self.stdout)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, request_stop)
        try:
            with preflight.only_one(settings.STATE, address()):
                preflight.enough_disk(settings.STATE)
                preflight.port_free(settings.HOST, settings.PORT)
                self.run()
        except StopRequested:
            self.console.say("Stopped.")

    def run(self) -> None:
        state = settings.STATE
        servers = embedded(state)
        with exclusive(state, servers):
            for server in servers:
                with self.console.step(f"Preparing {server.label.removeprefix('The ')}"):
                    server.prepare()
            programs = [*server_programs(servers), *product_programs(state)]
            with contextlib.ExitStack() as stack:
                stack.callback(self.console.say, "")
                manager = stack.enter_context(supervised(state, programs))
                stack.callback(self.leaving)
                for server in servers:
                    with self.console.step(f"Starting {server.label.removeprefix('The ')}"):
                        server.wait(partial(manager.alive, server.name))
                self.serve(manager)

    def serve(self, manager: Supervised) -> None:
        with self.console.step("Bringing tables and static files up to date"):
            login = prepare()
        if login:
            self.console.say(login)
        manager.start(PRODUCT)
        with self.console.step("Loading the models and starting worker and web server"):
            health = wait_until_ready(manager)
        self.report(manager, health)
        while True:
            time.sleep(WATCH_SECONDS)
            for line in manager.restarted():
                self.console.say(time.strftime("%H:%M:%S ") + line)

    def report(self, manager: Supervised, health: dict[str, Any]) -> None:
        self.console.say(f"\nLantern answers at {address()}")
        for sentence in failures(health):
            self.console.say(f"Note: {sentence}")
        self.console.say()
        info = manager.info()
        for program in manager.programs:
            pid = info[program.name]["pid"]
            line = f"  {program.name:<9} process {pid:<8} {program.place:<17} {program.log}"
            self.console.say(line)
        self.console.say("\nCtrl-C stops everything.")

    def leaving(self) -> None:
        """Ignore signals while processes stop: a second Ctrl-C would leave some running."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        self.console.say("\nStopping.")


def request_stop(signum: int, frame: FrameType | None) -> NoReturn:
    raise StopRequested


def address() -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)  # noqa: S104
    return f"http://[{host}]:{settings.PORT}" if ":" in host else f"http://{host}:{settings.PORT}"


def prepare() -> str:
    """Run `bootstrap` in a process of its own, as this one needs its imports no further. The kernel
    ends it with this process, also if Ctrl-C comes while it starts."""
    command = [sys.executable, CHILD, "--signal", "KILL", sys.executable, "manage.py", "bootstrap"]
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StartError(f"The installation cannot be brought up to date:\n{done.stderr.strip()}")
    return done.stdout.strip()


def failures(health: dict[str, Any]) -> list[str]:
    """A sentence for each part that does not work; /readyz has them for its own machine."""
    checks = health["checks"].items()
    return [
        check.get("state", f"The check “{name}” fails.")
        for name, check in checks
        if not check["ok"]
    ]


def wait_until_ready(manager: Supervised) -> dict[str, Any]:
    """The response of /readyz once it is 200. Raises StartError after READY_SECONDS."""
    deadline = time.monotonic() + READY_SECONDS
    state = "It does not answer."
    while time.monotonic() < deadline:
        manager.restarted()
        try:
            with urllib.request.urlopen(f"{address()}/readyz", timeout=2.5) as answer:  # noqa: S310
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            state = " ".join(failures(json.load(error)))
        except (OSError, ValueError):
            pass
        time.sleep(0.2)
    raise StartError(f"Not ready after {READY_SECONDS} seconds. {state}")
