"""The embedded servers: real ones, each test in a folder of its own."""

import contextlib
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import psycopg
import pytest
import redis

from search_project.data_dir import BASE_DIR, InstallationState
from search_project.errors import StartError
from search_project.servers import broker, cache, lifecycle, postgres
from search_project.servers.lifecycle import exclusive, servers_running

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def state():
    """A folder with a space in its name; making a database in it once is enough for most tests."""
    with fresh_state() as made:
        yield made


@contextlib.contextmanager
def fresh_state():
    with tempfile.TemporaryDirectory(prefix="lantern servers ") as folder:
        Path(folder).chmod(0o755)
        yield InstallationState(Path(folder).resolve())


def processes(state):
    return [server.process() for server in lifecycle.embedded(state)]


def rows(state, sql):
    with psycopg.connect(postgres.database_url(state)) as connection:
        return connection.execute(sql).fetchall()


def wait_until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def start_and_hold(state):
    """A command of its own that holds the servers until it is ended."""
    script = textwrap.dedent(
        """
        import signal, time
        from search_project.servers.lifecycle import servers_running
        # Ignored where the tests themselves run in a shell's background.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with servers_running():
            print("started", flush=True)
            time.sleep(60)
        """
    )
    env = os.environ | {"VAR_DIR": str(state.var)}
    child = subprocess.Popen(
        [sys.executable, "-c", script], cwd=BASE_DIR, env=env, stdout=subprocess.PIPE
    )
    assert child.stdout.readline() == b"started\n"
    return child


def test_they_start_in_a_folder_with_spaces_keep_data_and_leave_nothing(state):
    with servers_running(state) as started:
        assert started
        with psycopg.connect(postgres.database_url(state)) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
            connection.execute("CREATE TABLE place AS SELECT '[1,2]'::vector AS place")
        redis.Redis.from_url(broker.broker_url(state)).rpush("tasks", "task")
        found = processes(state)
        with servers_running(state) as started_again:
            assert not started_again
        assert all(process.is_running() for process in found)
    assert not any(process.is_running() for process in found)
    with servers_running(state):
        assert rows(state, "SELECT place <-> '[1,2]' FROM place") == [(0.0,)]
        assert redis.Redis.from_url(broker.broker_url(state)).lrange("tasks", 0, -1) == [b"task"]


def test_strangers_are_not_let_in_and_passwords_are_not_in_the_process_list(state):
    with servers_running(state):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(postgres.database_url(state).replace(state.secret("postgres"), "guess"))
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=state.port("broker")).ping()
        for process in processes(state):
            shown = " ".join(process.cmdline()) + str(process.environ())
            assert state.secret("broker") not in shown
            assert state.secret("postgres") not in shown
    configuration = state.var / "broker" / "valkey.conf"
    assert stat.S_IMODE(configuration.stat().st_mode) == 0o600


def test_what_the_broker_took_survives_sigkill_and_so_does_what_was_committed(state):
    with servers_running(state):
        rows_before = rows(state, "SELECT 1")
        with psycopg.connect(postgres.database_url(state)) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        client = redis.Redis.from_url(broker.broker_url(state))
        for number in range(100):
            client.rpush("queue", number)
        for process in processes(state):
            process.kill()
    assert rows_before == [(1,)]
    with servers_running(state):
        assert rows(state, "SELECT number FROM kept") == [(7,)]
        assert redis.Redis.from_url(broker.broker_url(state)).llen("queue") == 100


def test_the_full_cache_forgets_what_is_old_and_the_broker_keeps_all_that_it_has(state):
    with servers_running(state):
        client = redis.Redis.from_url(cache.cache_url(state))
        for start in range(0, 80, 8):
            client.mset({f"list {n}": b"x" * 2**20 for n in range(start, start + 8)})  # 80 MB
        assert client.get("list 79") is not None
        assert client.info("stats")["evicted_keys"] >= 80 - 64
        assert client.info("memory")["used_memory"] <= 64 * 2**20
        queue = redis.Redis.from_url(broker.broker_url(state))
        assert queue.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert not list((state.var / "cache").glob("**/*aof*"))
    assert not list((state.var / "cache").glob("**/*.rdb"))


def test_a_named_cache_starts_none(monkeypatch):
    monkeypatch.setenv("CACHE_URL", "redis://elsewhere")
    with fresh_state() as state:
        assert [server.name for server in lifecycle.embedded(state)] == ["postgres", "broker"]


def test_a_port_that_another_program_has_taken_is_replaced(state):
    taken = state.port("postgres")
    with socket.create_server(("127.0.0.1", taken)), servers_running(state):
        assert state.port("postgres") != taken
        assert rows(state, "SELECT 1") == [(1,)]


def test_servers_end_with_a_command_that_was_killed(state):
    holder = start_and_hold(state)
    found = processes(state)
    holder.kill()
    holder.wait()
    wait_until(lambda: not any(process.is_running() for process in found))


def test_who_started_them_waits_for_the_others(state):
    first = start_and_hold(state)
    second = start_and_hold(state)
    first.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert first.poll() is None
    assert rows(state, "SELECT 1") == [(1,)]
    second.send_signal(signal.SIGINT)
    first.wait(20)
    second.wait(20)
    assert processes(state) == [None, None, None]


def test_servers_that_a_killed_manager_left_are_used_and_then_stopped(state):
    servers = lifecycle.embedded(state)
    orphans = []
    for server in servers:
        server.prepare()
        command = [part for part in server.command() if part not in ("--signal", server.stop)]
        orphans.append(subprocess.Popen(command, stderr=subprocess.DEVNULL, process_group=0))
        server.wait(lambda: True)
    left = processes(state)
    with servers_running(state) as started:
        assert not started
        assert processes(state) == left
    assert [orphan.wait(20) is not None for orphan in orphans] == [True, True, True]
    assert processes(state) == [None, None, None]


def test_up_takes_the_place_of_servers_that_were_left_but_not_of_a_command_at_work(state):
    servers = lifecycle.embedded(state)
    holder = start_and_hold(state)
    refused = pytest.raises(StartError, match="Another command uses the database")
    with refused, exclusive(state, servers):
        pass
    holder.send_signal(signal.SIGINT)
    holder.wait(20)
    with exclusive(state, servers):
        assert processes(state) == [None, None, None]


def test_a_server_that_cannot_start_names_its_log(state, monkeypatch):
    server = postgres.Postgres(state)
    server.prepare()
    monkeypatch.setitem(postgres.SETTINGS, "shared_buffers", "all of it")
    with pytest.raises(StartError, match=r"The embedded PostgreSQL does not start; its log, .*log"):
        server.start()


def test_a_half_made_database_is_never_taken_for_one(monkeypatch):
    monkeypatch.setattr(postgres, "INITDB", ["--no-such-option"])
    with fresh_state() as state:
        with pytest.raises(StartError, match="The database cannot be made"):
            postgres.Postgres(state).prepare()
        assert not list(state.var.glob("postgres*"))


def test_servers_never_run_as_root_and_only_their_group_may_pass_the_data_folder(state):
    state.var.chmod(0o755)
    state.close_to_others()
    with servers_running(state):
        assert rows(state, "SELECT 1") == [(1,)]
        assert all(process.uids().real != 0 for process in processes(state))
        groups = {process.gids().real for process in processes(state)}
    as_root = os.geteuid() == 0
    assert stat.S_IMODE(state.var.stat().st_mode) == (0o710 if as_root else 0o700)
    assert groups == {state.var.stat().st_gid}


def test_a_given_address_starts_nothing(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/search")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    with fresh_state() as state, servers_running(state) as started:
        assert not started
        assert not list(state.var.iterdir())
