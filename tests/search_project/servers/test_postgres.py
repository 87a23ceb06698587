"""What the application may do in the embedded database: all that it needs, and no more."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from search_project.data_dir import InstallationState
from search_project.errors import StartError
from search_project.servers import postgres
from search_project.servers.lifecycle import servers_running
from tests.search_project.servers.test_lifecycle import fresh_state

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def state() -> Iterator[InstallationState]:
    with fresh_state() as made, servers_running(made):
        yield made


@pytest.fixture
def connection(state: InstallationState) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres.database_url(state), autocommit=True) as opened:
        yield opened


def test_its_role_is_no_superuser_and_owns_its_database_alone(
    connection: psycopg.Connection,
) -> None:
    roles = "SELECT rolsuper, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles"
    assert connection.execute(f"{roles} WHERE rolname = current_user").fetchall() == [(False,) * 4]
    owned = "SELECT datname FROM pg_database JOIN pg_roles r ON r.oid = datdba"
    assert connection.execute(f"{owned} WHERE rolname = current_user").fetchall() == [("search",)]
    held = "SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole"
    assert connection.execute(held).fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "COPY (SELECT 1) TO PROGRAM 'id'", "COPY (SELECT 1) TO '/tmp/out'",
        "SELECT pg_read_file('/etc/passwd')", "CREATE ROLE other SUPERUSER",
        "ALTER ROLE search SUPERUSER", "SET ROLE postgres", "DROP DATABASE postgres",
        "ALTER SYSTEM SET log_statement = 'all'", "SELECT * FROM pg_authid",
        "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'libc', 'getpid'",
        "UPDATE pg_database SET datallowconn = false", "DROP EXTENSION vector",
    ],
)  # fmt: skip
def test_it_cannot_leave_its_database(connection: psycopg.Connection, statement: str) -> None:
    refused = "permission denied|must be owner|must be superuser"
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match=refused):
        connection.execute(statement)


def test_vectors_are_there_also_in_the_databases_that_it_makes(
    state: InstallationState, connection: psycopg.Connection
) -> None:
    connection.execute("CREATE DATABASE made_for_an_evaluation")
    address = postgres.database_url(state).rpartition("/")[0] + "/made_for_an_evaluation"
    with psycopg.connect(address) as made:
        made.execute("CREATE EXTENSION IF NOT EXISTS vector")
        assert made.execute("SELECT '[1,2]'::vector <-> '[1,3]'").fetchone() == (1.0,)
    connection.execute("DROP DATABASE made_for_an_evaluation WITH (FORCE)")


def test_nobody_has_the_password_of_the_superuser(state: InstallationState) -> None:
    kept = [path.read_text() for path in (state.var / "secrets").iterdir()]
    address = f"host=127.0.0.1 port={state.port('postgres')} dbname=search user=postgres"
    for password in ["", "postgres", *kept]:
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"{address} password='{password}'")
    assert list((state.var / "run").glob("*.password")) == []


def test_a_dump_is_restored_by_the_role_itself(
    state: InstallationState, connection: psycopg.Connection, tmp_path: Path
) -> None:
    """With the options of docs/operations.md, among them those that leave out what is not its."""
    binaries = postgres.Postgres(state).binary.parent
    environment = os.environ | {
        "PGHOST": "127.0.0.1", "PGPORT": str(state.port("postgres")), "PGUSER": "search",
        "PGPASSWORD": state.secret("postgres"),
    }  # fmt: skip
    dump = tmp_path / "lantern.sql"
    connection.execute("CREATE TABLE place AS SELECT '[1,2]'::vector AS place")
    connection.execute("CREATE DATABASE restored")
    options = ["--no-owner", "--no-privileges", "--no-comments", f"--file={dump}"]
    strictly = ["--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--file={dump}"]
    for command in (["pg_dump", *options, "search"], ["psql", *strictly, "restored"]):
        done = subprocess.run(
            [str(binaries / command[0]), *command[1:]], env=environment, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
    address = postgres.database_url(state).rpartition("/")[0] + "/restored"
    with psycopg.connect(address) as restored:
        assert restored.execute("SELECT place::text FROM place").fetchone() == ("[1,2]",)


def test_a_folder_whose_role_is_a_superuser_is_refused_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with fresh_state() as old:
        monkeypatch.setattr(postgres, "SETUP", postgres.SETUP.replace("NOSUPERUSER", "SUPERUSER"))
        refused = pytest.raises(StartError, match=r"is of an older layout.*restore the dump")
        with refused, servers_running(old):
            pass
