"""A reader that a file has taken over finds nothing to take and nowhere to go."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from documents.errors import IngestError
from documents.extracted_text import ParsedFile
from documents.sandbox import SandboxedWorker, WorkerCrashed, landlock
from search_project.data_dir import BASE_DIR
from tests.documents.sandbox import intruder
from tests.misbehaving import die, sleep

confined = pytest.mark.skipif(
    sys.platform != "linux" or not landlock.landlock_version(), reason="needs Landlock"
)
pytestmark = [confined, pytest.mark.processes]


@pytest.fixture(scope="module")
def worker() -> SandboxedWorker:
    return SandboxedWorker(1 << 30)


def run(worker: SandboxedWorker, function: Any, *arguments: Any, returns: Any = str) -> Any:
    return worker.run(function, *arguments, returns=returns, seconds=20)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """Readable for everyone, as far as its mode goes."""
    path = tmp_path / "originals" / "ab"
    path.parent.mkdir()
    path.write_text("another original")
    for folder in (path, *path.parents):
        if folder.is_relative_to("/tmp/pytest-of-root"):  # noqa: S108
            folder.chmod(0o755)
    return path


def test_it_reads_a_copy_of_what_it_is_given(worker: SandboxedWorker, secret: Path) -> None:
    secret.chmod(0o600)
    assert run(worker, intruder.copy_of, secret) == "another original"


def test_it_opens_no_other_file_and_lists_no_folder(worker: SandboxedWorker, secret: Path) -> None:
    assert run(worker, intruder.read_file, str(secret)) == ""
    assert run(worker, intruder.list_folder, str(secret.parent)) == ""
    assert run(worker, intruder.write_file, str(secret.with_name("new"))) == ""
    for place in ("/etc/passwd", str(BASE_DIR / "README.md"), f"/proc/{os.getpid()}/maps"):
        assert run(worker, intruder.read_file, place) == "", place
    assert not secret.with_name("new").exists()


def test_it_reads_no_key_of_the_installation(worker: SandboxedWorker, settings: Any) -> None:
    kept = Path(settings.VAR_DIR) / "secrets"
    assert list(kept.iterdir())
    for place in kept.iterdir():
        assert run(worker, intruder.read_file, str(place)) == ""


def test_no_setting_is_in_its_environment_or_in_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ADMIN_PASSWORD", "SECRET_KEY", "DATABASE_URL", "REDIS_URL", "VAR_DIR"):
        monkeypatch.setenv(name, "to be kept")
    worker = SandboxedWorker(1 << 30)
    environment = run(worker, intruder.own_environment, returns=dict[str, str])
    assert "to be kept" not in environment.values()
    assert set(environment) <= {
        "LANG", "LC_ALL", "LC_CTYPE", "PATH", "TESSDATA_PREFIX", "TZ", "HOME", "TMPDIR",
        "MALLOC_ARENA_MAX", "OMP_THREAD_LIMIT", "RAYON_NUM_THREADS", "TOKIO_WORKER_THREADS",
        "PYTHONDONTWRITEBYTECODE",
    }  # fmt: skip
    assert run(worker, intruder.parent_environment) == ""


def test_it_connects_to_nothing(worker: SandboxedWorker, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert run(worker, intruder.connect_tcp, server.getsockname()[1]) == ""
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(f"/tmp/lantern-test-{os.getpid()}")  # noqa: S108
        unix.listen()
        try:
            assert run(worker, intruder.connect_unix, str(unix.getsockname())) == ""
        finally:
            Path(str(unix.getsockname())).unlink()


def test_it_has_no_way_to_more_rights(worker: SandboxedWorker) -> None:
    status = run(worker, intruder.status, returns=dict[str, str])
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    # At most the right to read, where its own libraries lie in a closed folder.
    assert int(status["CapPrm"], 16) in (0, 1 << 2)
    if os.geteuid() == 0:
        assert len(set(status["Uid"].split())) == 1
        assert "0" not in status["Uid"].split() + status["Gid"].split() + status["Groups"].split()
    assert run(worker, intruder.new_namespace) == ""
    assert run(worker, intruder.kill_parent) == ""
    assert run(worker, intruder.leave_group) == ""


def test_a_program_that_gives_rights_gives_it_none(worker: SandboxedWorker) -> None:
    su = Path("/usr/bin/su")
    if not su.exists() or not su.stat().st_mode & stat.S_ISUID:
        pytest.skip("needs su")
    _, said = run(worker, intruder.run_program, str(su), "-c", "id -u", returns=tuple[int, str])
    assert said.strip() != "0"
    own = run(worker, intruder.status, returns=dict[str, str])["Uid"].split()[0]
    done = run(worker, intruder.run_program, "id", "-u", returns=tuple[int, str])
    assert done == (0, f"{own}\n")


def test_it_fills_neither_disk_nor_memory(worker: SandboxedWorker) -> None:
    assert run(worker, intruder.write_gigabytes, 3, returns=int) <= 1 << 30
    with pytest.raises(WorkerCrashed):
        run(worker, intruder.use_memory, 2, returns=int)


def test_it_leaves_nothing_for_the_next(worker: SandboxedWorker) -> None:
    left = run(worker, intruder.leave_a_file)
    assert run(worker, intruder.read_file, left) == ""


def test_its_answer_is_taken_for_what_was_asked_or_for_none(worker: SandboxedWorker) -> None:
    assert run(worker, intruder.answer, 7, returns=int) == 7
    forged: Any
    for forged in ("words", {"text": 1}, [{"text": {"text": 5}}]):
        with pytest.raises(WorkerCrashed):
            run(worker, intruder.answer, forged, returns=list[ParsedFile])
    forged = [{"failure": {"kind": "x", "message": {"code": "file_too_large"}, "permanent": True}}]
    [parsed] = run(worker, intruder.answer, forged, returns=list[ParsedFile])
    error = parsed.failure.error()
    assert isinstance(error, IngestError) and error.message.code == "internal_error"


def test_who_dies_or_takes_too_long_is_followed_by_another(worker: SandboxedWorker) -> None:
    with pytest.raises(WorkerCrashed):
        run(worker, die)
    with pytest.raises(TimeoutError):
        worker.run(sleep, returns=str, seconds=0.5)
    assert run(worker, intruder.answer, "here") == "here"


def test_one_child_does_many_tasks_and_leaves_no_folder() -> None:
    worker = SandboxedWorker(1 << 30)
    first = run(worker, intruder.own_environment, returns=dict[str, str])["TMPDIR"]
    assert run(worker, intruder.own_environment, returns=dict[str, str])["TMPDIR"] == first
    assert stat.S_IMODE(Path(first).stat().st_mode) == 0o700
    del worker
    assert not Path(first).exists()


def test_a_child_without_work_goes_and_another_comes_when_there_is_some() -> None:
    worker = SandboxedWorker(1 << 30, idle=0.2)
    before = run(worker, intruder.status, returns=dict[str, str])["Pid"]
    deadline = time.monotonic() + 10
    while psutil.Process(int(before)).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert run(worker, intruder.status, returns=dict[str, str])["Pid"] != before


def test_programs_of_a_reader_end_with_it() -> None:
    worker = SandboxedWorker(1 << 30)
    with pytest.raises(TimeoutError):
        worker.run(intruder.wait_with_a_program, returns=str, seconds=2)
    deadline = time.monotonic() + 5
    while sleepers():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_readers_end_with_a_parent_that_is_killed() -> None:
    script = (
        "from documents.sandbox import SandboxedWorker\n"
        "from tests.documents.sandbox import intruder\n"
        "SandboxedWorker(1 << 30).run(intruder.wait_with_a_program, returns=str, seconds=60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=BASE_DIR)
    deadline = time.monotonic() + 20
    while not sleepers():
        assert time.monotonic() < deadline and parent.poll() is None
        time.sleep(0.05)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    while sleepers():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def sleepers() -> list[Any]:
    return [
        one for one in psutil.process_iter(["cmdline"]) if one.info["cmdline"] == ["sleep", "987"]
    ]
