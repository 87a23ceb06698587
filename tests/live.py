"""A complete installation beside the tests, for what only real processes can show."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
import redis

from search_project.data_dir import BASE_DIR, free_port, installation
from search_project.servers import broker, cache, postgres

DATABASE = "live"
USERNAME = "admin"
PASSWORD = "lantern-live-tests"


@dataclass
class LiveStack:
    """`url` is where it answers; `env` is the environment of its processes."""

    url: str
    env: dict[str, str]
    username: str
    password: str
    up: int

    def pid(self, name: str) -> int:
        """The process id of web, worker or beat."""
        wanted = {"web": "search_project.web", "worker": " worker ", "beat": ".beat beat"}[name]
        for process in psutil.Process(self.up).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if wanted in " ".join(process.cmdline()):
                    return process.pid
        raise AssertionError(f"{name} does not run.")

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
        """Wait until the document is in the state; fails with its present state."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            rows = self.query(
                "SELECT state, error_code FROM documents_document WHERE id=%s", document
            )
            if rows and rows[0][0] == state:
                return
            time.sleep(0.1)
        raise AssertionError(f"{document} is {rows}, not {state}, after {timeout} s.")

    def wait_until_indexed(self, timeout: float = 60, collection: str = "%") -> None:
        """Until no document of the collection, or of any, waits or is at work; fails when one has
        failed."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            rows = self.query(
                "SELECT title, state, error_code FROM documents_document"
                " JOIN documents_collection c ON c.id = collection_id WHERE slug LIKE %s",
                collection,
            )
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
    fresh_servers(state)
    port = free_port()
    var.mkdir(parents=True, exist_ok=True)
    env = os.environ | {
        "VAR_DIR": str(var), "PORT": str(port), "LOAD_SAMPLES": "off",
        "ADMIN_USERNAME": USERNAME, "ADMIN_PASSWORD": PASSWORD,
        "DATABASE_URL": postgres.database_url(state).rpartition("/")[0] + f"/{DATABASE}",
        "REDIS_URL": broker.broker_url(state).rpartition("/")[0] + "/1",
        "CACHE_URL": cache.cache_url(state).rpartition("/")[0] + "/1",
    }  # fmt: skip
    with (var / "up.log").open("w+") as output:
        up = subprocess.Popen(
            [sys.executable, "manage.py", "up"], cwd=BASE_DIR, env=env, stdout=output,
            stderr=output, umask=0o022,
        )  # fmt: skip
        try:
            wait_for_text(up, Path(output.name), "Ctrl-C stops everything")
            yield LiveStack(f"http://127.0.0.1:{port}", env, USERNAME, PASSWORD, up.pid)
        finally:
            up.send_signal(signal.SIGINT)
            up.wait(60)


def wait_for_text(
    process: subprocess.Popen[Any], output: Path, text: str, timeout: float = 240
) -> str:
    """What the process has written once `text` is in it; fails when it ends before."""
    deadline = time.monotonic() + timeout
    while True:
        ended = process.poll() is not None
        written = output.read_text()
        if text in written:
            return written
        assert not ended, f"It has ended: {written}"
        assert time.monotonic() < deadline, f"Not said after {timeout} s: {text}\n{written}"
        time.sleep(0.1)


def fresh_servers(state: Any) -> None:
    address = postgres.database_url(state)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {DATABASE}")
    with redis.Redis.from_url(broker.broker_url(state).rpartition("/")[0] + "/1") as client:
        client.flushdb()
