"""Any command works whether or not the product runs: it uses its servers or starts them itself."""

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

# These read and write files only, or (up) start the servers in their own way.
WITHOUT_SERVERS = frozenset(
    "help version check collectstatic compilemessages diffsettings findstatic makemessages "
    "makemigrations spectacular startapp up".split()
)
OURS = frozenset({"search_project", "documents", "retrieval", "frontend"})


def main() -> None:
    """Run the command in sys.argv. Exits with 1 and one sentence when its servers cannot run."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "search_project.settings")
    from search_project.servers.account import ServerError

    try:
        if needs_servers(sys.argv):
            with_servers(sys.argv)
        else:
            execute(sys.argv)
    except ServerError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


def needs_servers(argv: list[str]) -> bool:
    """Not for questions about a command, nor for the commands listed above."""
    if len(argv) < 2 or argv[1].startswith("-") or argv[1] in WITHOUT_SERVERS:
        return False
    return not {"-h", "--help"} & set(argv)


def with_servers(argv: list[str]) -> None:
    """A database that was started for one of our own commands is brought up to date first."""
    from search_project.servers.running import servers_running

    signal.signal(signal.SIGTERM, leave)
    with servers_running() as started:
        if started and is_ours(argv[1]):
            execute([argv[0], "migrate", "--verbosity", "0"])
        execute(argv)


def leave(signum: int, frame: FrameType | None) -> NoReturn:
    """Let SIGTERM unwind the stack, so that servers are stopped on the way out."""
    sys.exit(128 + signum)


def is_ours(command: str) -> bool:
    from django.core.management import get_commands

    return str(get_commands().get(command)) in OURS


def execute(argv: list[str]) -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(argv)
