"""Commands work with and without running servers, and say in a sentence why they do not."""

import os
import socket
import subprocess
import sys

import pytest

from search_project.cli import is_ours, needs_servers
from search_project.data_dir import BASE_DIR, InstallationState, free_port
from search_project.errors import StartError
from search_project.supervisor import preflight


def manage(*arguments, **env):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=BASE_DIR, env=os.environ | env,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


TRAIN = "train_reranker --data rows.jsonl --out model"


@pytest.mark.parametrize(
    "line", ["", "--version", "help", "check --deploy", "up", "search --help", TRAIN]
)
def test_what_touches_no_data_starts_no_servers(line):
    assert not needs_servers(["manage.py", *line.split()])


@pytest.mark.parametrize(
    "line", ["search words", "migrate", "shell", "token admin", f"{TRAIN} --judgements=judged"]
)
def test_everything_else_does(line):
    assert needs_servers(["manage.py", *line.split()])


def test_only_our_own_commands_bring_the_tables_up_to_date():
    assert is_ours("search")
    assert not is_ours("migrate")


@pytest.mark.processes
@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"PORT": "http"}, "PORT=http is not a whole number from 1 to 65535."),
        ({"HTTPS": "maybe"}, "HTTPS=maybe is neither on nor off."),
        ({"SECRET_KEY_FILE": "/none"}, "SECRET_KEY_FILE=/none cannot be read: No such file"),
        ({"VAR_DIR": "/proc/lantern"}, "Nothing can be written to /proc/lantern"),
    ],
)
def test_a_bad_setting_is_one_sentence_and_exit_code_1(env, sentence):
    done = manage("up", **env)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.processes
def test_check_reports_a_bad_setting_too():
    done = manage("check", FUSION="banana")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "FUSION=banana is none of max_norm, rrf, z_score.\n"


def test_a_taken_port_is_named_with_who_has_it():
    port = free_port()
    owner = rf"Port {port} is taken by .* \(process {os.getpid()}\)"
    with socket.create_server(("127.0.0.1", port)), pytest.raises(StartError, match=owner):
        preflight.port_free("127.0.0.1", port)
    preflight.port_free("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_of_another_machine_is_not_taken_for_a_busy_port(host):
    with pytest.raises(StartError, match=f"HOST={host} is no address of this machine"):
        preflight.port_free(host, free_port())


def test_a_nearly_full_disk_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(preflight, "NEEDED_MB", 10**9)
    with pytest.raises(StartError, match=rf"Only \d+ MB are free on the disk of {tmp_path}"):
        preflight.enough_disk(InstallationState(tmp_path))


def test_a_second_one_beside_the_first_is_refused_until_the_first_is_gone(tmp_path):
    state = InstallationState(tmp_path)
    with preflight.only_one(state, "http://127.0.0.1:8000"):
        refused = pytest.raises(StartError, match=rf"already runs .* \(process {os.getpid()}\)")
        with refused, preflight.only_one(state, "http://127.0.0.1:8000"):
            pass
    with preflight.only_one(state, "http://127.0.0.1:8000"):
        pass
