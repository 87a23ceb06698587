"""Starts granian with the settings of the environment; its processes load the application.

It imports nothing else of the product, since this process holds no model.
"""

import os
import resource
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.common import AbstractServer

from search_project import env
from search_project.web import SERVER_PID

# Connections that a process keeps open; further ones wait until one of them goes.
CONNECTIONS = 4000
# Open files for everything else.
OTHER_FILES = 500
BACKLOG = 1024
# A request line, or a header, of 64 kB: 60 times what a search of 1000 letters takes.
BUFFER_BYTES = 128 * 1024
STOP_SECONDS = 4


def web_server(application: str = "search_project.asgi:application") -> AbstractServer[Any]:
    """WEB_CONCURRENCY processes behind one address; a process that dies is started again."""
    timeout = env.number("REQUEST_TIMEOUT_S", 30, minimum=1, maximum=60)
    return Granian(
        application,
        address=env.text("HOST", "127.0.0.1"),
        port=env.number("PORT", 8000, minimum=1),
        interface=Interfaces.ASGI,
        workers=env.number("WEB_CONCURRENCY", 1, minimum=1),
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=timeout * 1000, max_buffer_size=BUFFER_BYTES
        ),
        websockets=False,
        backlog=BACKLOG,
        backpressure=connections(),
        # Each client that goes before its answer is a line of its own below this.
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    )


def connections() -> int:
    """CONNECTIONS, or as many as the system allows, at two files each: a body is one, too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = 2 * CONNECTIONS + OTHER_FILES
    if hard != resource.RLIM_INFINITY:
        files = min(files, hard)
    if soft != resource.RLIM_INFINITY and soft < files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return max(1, (files - OTHER_FILES) // 2)


def serve(server: AbstractServer[Any]) -> None:
    os.environ[SERVER_PID] = str(os.getpid())
    server.serve()


if __name__ == "__main__":
    serve(web_server())
