"""What the installation makes once and keeps under VAR_DIR: folders, secrets, ports."""

import os
import secrets
import socket
from pathlib import Path


class State:
    """Small facts kept as files under `var`, each made when first asked for."""

    def __init__(self, var: Path) -> None:
        self.var = var

    def folder(self, name: str) -> Path:
        path = self.var / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def secret(self, name: str) -> str:
        """A random secret of 256 bits, readable by its owner alone."""
        return self._kept(self.folder("secrets") / name, secrets.token_urlsafe(32))

    def port(self, name: str) -> int:
        """A TCP port on the loopback address that was free when it was chosen."""
        return int(self._kept(self.folder("ports") / name, str(free_port())))

    def new_port(self, name: str) -> int:
        """Choose again, for the case that another program has taken the kept port since."""
        (self.folder("ports") / name).unlink(missing_ok=True)
        return self.port(name)

    @staticmethod
    def _kept(path: Path, fresh: str) -> str:
        """The content of `path`, written first when it is not there; two processes agree on one."""
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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
