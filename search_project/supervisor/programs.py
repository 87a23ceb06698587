"""The processes of a running installation, and supervisord's configuration of them."""

import os
import shlex
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from search_project.data_dir import BASE_DIR, InstallationState
from search_project.servers.embedded import Embedded
from search_project.servers.unprivileged_user import CHILD

BIN = Path(sys.executable).parent
SERVERS = "servers"
PRODUCT = "product"
FOR_BOOTSTRAP = frozenset({"ADMIN_PASSWORD", "ADMIN_PASSWORD_FILE"})


@dataclass(frozen=True)
class Program:
    """A child process; `group` starts and stops as one, `place` is its address for users."""

    name: str
    group: str
    command: list[str]
    place: str
    log: Path
    stop: str = "TERM"
    stop_seconds: int = 8


def server_programs(servers: Iterable[Embedded]) -> list[Program]:
    return [
        Program(
            server.name,
            SERVERS,
            server.command(),
            f"127.0.0.1:{server.port}",
            server.log,
            stop=server.stop,
        )
        for server in servers
    ]


def product_programs(state: InstallationState) -> list[Program]:
    """Web server, worker and beat, each ended when supervisord is."""
    child = [sys.executable, CHILD, "--signal", "TERM"]
    celery = [str(BIN / "celery"), "-A"]
    commands = {
        "web": [sys.executable, "-m", "search_project.web"],
        "worker": [*celery, "search_project", "worker", "--pool=threads",
                   "--loglevel=INFO", "--without-gossip", "--without-mingle"],
        "beat": [*celery, "search_project.beat", "beat", "--pidfile="],
    }  # fmt: skip
    places = {"web": f"{settings.HOST}:{settings.PORT}", "worker": "", "beat": ""}
    log = state.folder("log")
    return [
        Program(name, PRODUCT, [*child, *command], places[name], log / f"{name}.log")
        for name, command in commands.items()
    ]


def configuration(programs: list[Program], port: int, password: str) -> str:
    """supervisord's configuration. Groups stop in reverse: the product before the servers.

    It contains only paths below VAR_DIR, relative to it: others could contain what supervisord
    reads as a comment or a placeholder. So commands come from `environment`.
    """
    root = "user=root\n" if os.geteuid() == 0 else ""
    parts = [
        f"[supervisord]\nnodaemon=true\nsilent=true\numask=077\n{root}"
        "logfile=log/supervisor.log\nlogfile_maxbytes=5MB\nlogfile_backups=2\n"
        "pidfile=run/supervisord.pid\nchildlogdir=log\n",
        f"[inet_http_server]\nport=127.0.0.1:{port}\nusername=lantern\npassword={password}\n",
        "[rpcinterface:supervisor]\n"
        "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n",
    ]
    for priority, group in enumerate((SERVERS, PRODUCT), start=1):
        members = [program for program in programs if program.group == group]
        if members:
            names = ",".join(program.name for program in members)
            parts.append(f"[group:{group}]\nprograms={names}\npriority={priority}\n")
            parts += [_section(program) for program in members]
    return "\n".join(parts)


def environment(programs: list[Program]) -> dict[str, str]:
    """What the file refers to: a command for each program, and where the source is.

    The first administrator's password is for `bootstrap` alone, which `up` runs itself.
    """
    commands = {_variable(program): shlex.join(program.command) for program in programs}
    handed_on = {name: value for name, value in os.environ.items() if name not in FOR_BOOTSTRAP}
    return {**handed_on, **commands, "LANTERN_SOURCE": str(BASE_DIR)}


def _section(program: Program) -> str:
    own = program.group == PRODUCT
    return (
        f"[program:{program.name}]\n"
        f"command=%(ENV_{_variable(program)})s\n"
        f"directory={'%(ENV_LANTERN_SOURCE)s' if own else '/'}\n"
        f"autostart={'false' if own else 'true'}\nautorestart=true\n"
        f"startsecs={10 if own else 2}\nstartretries=3\n"
        f"stopsignal={program.stop}\nstopwaitsecs={program.stop_seconds}\n"
        f"killasgroup=true\nredirect_stderr=true\nstdout_logfile=log/{program.log.name}\n"
        "stdout_logfile_maxbytes=10MB\nstdout_logfile_backups=2\n"
    )


def _variable(program: Program) -> str:
    return f"LANTERN_{program.name.upper()}"
