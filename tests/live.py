"""A complete installation beside the tests, for what only real processes can show."""

import contextlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from search_project.servers import broker, postgres
from search_project.state import BASE_DIR, free_port, installation

DATABASE = "live"
USERNAME = "admin"
PASSWORD = "lantern-live-tests"
BIN = Path(sys.executable).parent


@dataclass
class LiveStack:
    """`url` is where it answers; `env` is the environment of its processes."""

    url: str
    env: dict[str, str]
    username: str
    password: str

    def manage(self, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a management command in the same installation; fails with its output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=self.env, cwd=BASE_DIR, timeout=timeout, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{arguments}: {done.stdout}\n{done.stderr}"
        return done

    def query(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.env["DATABASE_URL"]) as connection:
            return connection.execute(sql, parameters).fetchall()

    def wait_for_state(self, document: str, state: str = "indexed", timeout: float = 60) -> None:
        """Until the document with this id is in the state; fails with where it stands."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            rows = self.query("SELECT state, error FROM documents_document WHERE id=%s", document)
            if rows and rows[0][0] == state:
                return
            time.sleep(0.1)
        raise AssertionError(f"{document} is {rows}, not {state}, after {timeout} s.")

    def wait_until_indexed(self, timeout: float = 60) -> None:
        """Until no document waits or is at work; fails when one has failed."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            rows = self.query("SELECT title, state, error FROM documents_document")
            if all(state in ("indexed", "failed") for _, state, _ in rows):
                failed = [row for row in rows if row[1] == "failed"]
                assert not failed, failed
                return
            time.sleep(0.1)
        raise AssertionError(f"Not indexed after {timeout} s: {rows}")


@contextlib.contextmanager
def running_stack(var: Path) -> Iterator[LiveStack]:
    """Start it on a fresh database of the running embedded servers; stop all of it after."""
    state = installation()
    fresh_database(state)
    port = free_port()
    var.mkdir(parents=True, exist_ok=True)
    env = os.environ | {
        "VAR_DIR": str(var), "PORT": str(port), "SAMPLES": "off",
        "ADMIN_USERNAME": USERNAME, "ADMIN_PASSWORD": PASSWORD,
        "DATABASE_URL": postgres.url(state).rpartition("/")[0] + f"/{DATABASE}",
        "REDIS_URL": broker.url(state).rpartition("/")[0] + "/1",
    }  # fmt: skip
    stack = LiveStack(f"http://127.0.0.1:{port}", env, USERNAME, PASSWORD)
    stack.manage("migrate", "--verbosity", "0")
    stack.manage("collectstatic", "--noinput", "--verbosity", "0")
    create_admin = ["createsuperuser", "--noinput", "--username", USERNAME, "--email", ""]
    stack.env["DJANGO_SUPERUSER_PASSWORD"] = PASSWORD
    stack.manage(*create_admin)
    celery = [str(BIN / "celery"), "-A", "search_project"]
    commands = {
        "web": [str(BIN / "gunicorn"), f"--bind=127.0.0.1:{port}", "--threads=8",
                "search_project.wsgi:application"],
        "worker": [*celery, "worker", "--pool=threads", "--concurrency=4"],
        "beat": [*celery, "beat", f"--schedule={var}/beat"],
    }  # fmt: skip
    children = [spawn(name, command, var, env) for name, command in commands.items()]
    try:
        wait_for_answer(f"{stack.url}/readyz", children)
        yield stack
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def spawn(name: str, command: list[str], var: Path, env: dict[str, str]) -> subprocess.Popen[bytes]:
    with (var / f"{name}.log").open("ab") as log:
        return subprocess.Popen(command, cwd=BASE_DIR, env=env, stdout=log, stderr=log)


def wait_for_answer(
    url: str, children: list[subprocess.Popen[bytes]], timeout: float = 120
) -> None:
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        assert all(child.poll() is None for child in children), "A process has died; see its log."
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise AssertionError(f"{url} does not answer after {timeout} s.")


def fresh_database(state: Any) -> None:
    address = postgres.url(state)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {DATABASE}")
