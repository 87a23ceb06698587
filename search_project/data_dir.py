"""The data folder of the installation, VAR_DIR: folders, secrets and ports, created once."""

import os
import random
import secrets
import socket
from pathlib import Path

from search_project import env

BASE_DIR = Path(__file__).resolve().parent.parent
# Below the range from which systems take the near end of outgoing connections, so that a kept
# port is not taken by one of those at the next start.
KEPT_PORTS = range(20_000, 32_000)


class InstallationState:
    """Values stored as files under `var`, each created on first use."""

    def __init__(self, var: Path) -> None:
        self.var = var

    def folder(self, name: str) -> Path:
        path = self.var / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def secret(self, name: str) -> str:
        """A random secret of 384 bits (64 characters), readable by its owner alone."""
        return self._kept(self.folder("secrets") / name, secrets.token_urlsafe(48))

    def port(self, name: str) -> int:
        """A TCP port on the loopback address that was free when it was chosen."""
        return int(self._kept(self.folder("ports") / name, str(free_port())))

    def new_port(self, name: str) -> int:
        """Choose another port, as another program may have taken the stored one."""
        (self.folder("ports") / name).unlink(missing_ok=True)
        return self.port(name)

    @staticmethod
    def _kept(path: Path, fresh: str) -> str:
        """The content of `path`, which is written first if it is missing, by one process only."""
        if not path.exists():
            draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
            draft.touch(mode=0o600)
            draft.write_text(fresh, encoding="utf-8")
            try:
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text(encoding="utf-8").strip()


def installation() -> InstallationState:
    """The state of this installation, also for code that runs before the settings are read."""
    return InstallationState(env.folder("VAR_DIR", BASE_DIR / "var"))


def free_port() -> int:
    for port in random.sample(KEPT_PORTS, 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("No free TCP port between 20000 and 32000 on the loopback address.")
