"""A real web server without models and without a database, with a few addresses more.

`python -m tests.web_process` starts it with the settings of the environment.
"""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import psutil

from search_project.data_dir import BASE_DIR, free_port
from tests.slow_clients import fetch

LARGE_BYTES = 100 * 1024**2  # of the file that /large answers


@dataclass(frozen=True)
class WebProcess:
    host: str
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def workers(self) -> list[psutil.Process]:
        """The processes that answer."""
        return psutil.Process(self.process.pid).children()


@contextlib.contextmanager
def running_web_server(host: str = "127.0.0.1", **settings: str) -> Iterator[WebProcess]:
    """Start it with these settings, and stop it after."""
    port = free_port()
    database = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    environment = os.environ | {
        "HOST": host, "PORT": str(port), "DATABASE_URL": database, "LOG_LEVEL": "ERROR", **settings
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.web_process"], cwd=BASE_DIR, env=environment
    )
    server = WebProcess(host, port, process)
    try:
        wait_until_alive(server)
        yield server
    finally:
        process.terminate()
        process.wait(20)


def wait_until_alive(server: WebProcess, timeout: float = 60) -> None:
    deadline = time.monotonic() + timeout
    while True:
        with contextlib.suppress(OSError):
            if b" 200 " in fetch(f"{server.url}/healthz"):
                return
        assert server.process.poll() is None, "The web server has ended."
        assert time.monotonic() < deadline, f"The web server does not answer after {timeout} s."
        time.sleep(0.1)


if __name__ == "__main__":
    from search_project.web.__main__ import serve, web_server

    serve(web_server("tests.web_views:application"))
