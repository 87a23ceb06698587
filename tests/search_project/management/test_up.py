"""`manage.py up` as a user runs it: with servers of its own, from the first start to the last."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

from search_project.data_dir import BASE_DIR, free_port
from tests.live import wait_for_text

pytestmark = pytest.mark.processes
READY = "Ctrl-C stops everything."
# Alone on its machine a start takes a tenth of this.
PATIENCE = 240


class Installation:
    """A folder, a port, and the `up` that runs from it."""

    def __init__(self, var):
        self.var = var
        self.port = free_port()
        self.env = os.environ | {
            "VAR_DIR": str(var), "PORT": str(self.port), "LOAD_SAMPLES": "off",
            "ALLOWED_HOSTS": "x.org",
        }  # fmt: skip
        self.output = var / "up.log"

    def start(self):
        with self.output.open("w") as output:
            self.up = subprocess.Popen(
                [sys.executable, "manage.py", "up"], cwd=BASE_DIR, env=self.env, stdout=output,
                stderr=output,
            )  # fmt: skip
        return wait_for_text(self.up, self.output, READY, PATIENCE)

    def refused(self, **env):
        done = subprocess.run(
            [sys.executable, "manage.py", "up"], cwd=BASE_DIR, env=self.env | env,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 1
        assert done.stdout == ""
        return done.stderr

    def manage(self, *arguments):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=BASE_DIR, env=self.env,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert " INFO " not in done.stderr, "the course of events is for the logs"
        return done.stdout

    def ready(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=10) as answer:
            return json.load(answer)

    def pid(self, name):
        found = re.search(rf"^  {name} +process (\d+)", self.output.read_text(), re.M)
        assert found
        return int(found[1])

    def processes(self):
        """All processes started from this folder, also with another parent by now."""
        found = []
        for process in psutil.process_iter():
            try:
                named = str(self.var) in " ".join(process.cmdline())
                if named or process.environ().get("VAR_DIR") == str(self.var):
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def wait_until_gone(self, seconds):
        deadline = time.monotonic() + seconds
        while left := self.processes():
            assert time.monotonic() < deadline, left
            time.sleep(0.1)


@pytest.fixture(scope="module")
def installation():
    with tempfile.TemporaryDirectory(prefix="lantern up ") as folder:
        Path(folder).chmod(0o755)
        made = Installation(Path(folder).resolve())
        yield made
        if made.up.poll() is None:
            made.up.send_signal(signal.SIGINT)
            made.up.wait(60)


@pytest.fixture(scope="module")
def first(installation):
    return installation.start()


def test_the_first_start_says_where_it_answers_and_how_to_sign_in(installation, first):
    assert f"Lantern answers at http://127.0.0.1:{installation.port}" in first
    assert re.search(r"Sign in as admin with the password \S{16} \(shown this once", first)
    for name in ("postgres", "broker", "cache", "web", "worker", "beat"):
        assert psutil.pid_exists(installation.pid(name))
        assert f"log/{name}.log" in first
    assert all(check["ok"] for check in installation.ready()["checks"].values())


def test_a_second_one_beside_it_is_refused_in_a_sentence(installation, first):
    said = installation.refused()
    assert said.startswith("Lantern already runs from ")
    assert f"(process {installation.up.pid})" in said
    assert len(said.splitlines()) == 1


def test_a_busy_port_is_refused_in_a_sentence(installation, first, tmp_path):
    said = installation.refused(VAR_DIR=str(tmp_path))
    assert said.startswith(f"Port {installation.port} is taken by python")
    assert len(said.splitlines()) == 1


def test_commands_use_its_servers(installation, first):
    count = "from django.contrib.auth.models import User; print(User.objects.count())"
    assert installation.manage("shell", "--no-imports", "-c", count) == "1\n"
    assert "Nothing found." in installation.manage("search", "bees")


@pytest.mark.parametrize("name", ["worker", "web", "beat", "cache", "broker", "postgres"])
def test_a_killed_process_is_started_again_with_a_line_that_says_so(installation, first, name):
    before = installation.pid(name)
    os.kill(before, signal.SIGKILL)
    said = wait_for_text(installation.up, installation.output, f"{name} (process {before})", 30)
    found = re.search(rf"{name} \(process {before}\) .* again as (\d+)\.", said)
    assert found
    again = int(found[1])
    assert psutil.pid_exists(again)


def test_after_all_that_it_is_well_again(installation, first):
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            if all(check["ok"] for check in installation.ready()["checks"].values()):
                break
        except OSError:
            assert time.monotonic() < deadline
        time.sleep(0.2)


def test_ctrl_c_leaves_nothing_running(installation, first):
    installation.up.send_signal(signal.SIGINT)
    assert installation.up.wait(30) == 0
    assert installation.output.read_text().rstrip().endswith("Stopped.")
    assert installation.processes() == []


def test_the_next_start_keeps_everything_and_tells_no_password(installation, first):
    started = time.monotonic()
    said = installation.start()
    print(f"The second start took {time.monotonic() - started:.1f} s.")
    assert "password" not in said
    count = "from django.contrib.auth.models import User; print(User.objects.count())"
    assert installation.manage("shell", "--no-imports", "-c", count) == "1\n"


def test_when_the_process_manager_is_killed_everything_ends(installation, first):
    manager = psutil.Process(installation.up.pid).children()[0]
    manager.kill()
    assert installation.up.wait(30) == 1
    assert "The process manager has died" in installation.output.read_text()
    installation.wait_until_gone(30)


def test_ctrl_c_during_the_start_leaves_nothing_running(installation, first):
    with installation.output.open("w") as output:
        installation.up = subprocess.Popen(
            [sys.executable, "manage.py", "up"], cwd=BASE_DIR, env=installation.env, stdout=output
        )
    wait_for_text(installation.up, installation.output, "Starting embedded broker", PATIENCE)
    installation.up.send_signal(signal.SIGINT)
    assert installation.up.wait(30) == 0
    installation.wait_until_gone(2)
