"""Management commands, which use the running servers of the product or start them."""

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

# These read and write files only, or (up) start the servers in their own way.
WITHOUT_SERVERS = """
help version check collectstatic compilemessages diffsettings findstatic makemessages makemigrations
spectacular startapp up
"""
# Training does no more, unless it is to compare the model with what is live.
COMPARING = ("--judgements", "--dataset")
OURS = frozenset({"search_project", "documents", "retrieval", "frontend"})


def main() -> None:
    """Run the command in sys.argv. Exits with 1 and one sentence when it cannot start."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "search_project.settings")
    from django.core.exceptions import ImproperlyConfigured

    from search_project.errors import StartError

    try:
        run(sys.argv)
    except (StartError, ImproperlyConfigured) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


def run(argv: list[str]) -> None:
    from search_project.data_dir import installation
    from search_project.servers.lifecycle import settle_ports
    from search_project.supervisor import preflight

    state = installation()
    preflight.writable(state)
    state.close_to_others()
    if argv[1:2] == ["up"]:
        settle_ports(state)
    elif "LOG_LEVEL_FILE" not in os.environ:
        # Commands print their results; log records below WARNING belong in the logs of services.
        os.environ.setdefault("LOG_LEVEL", "WARNING")
    if needs_servers(argv):
        with_servers(argv)
    else:
        execute(argv)


def needs_servers(argv: list[str]) -> bool:
    """Whether a command needs servers: not with --help, and not those listed above."""
    if len(argv) < 2 or argv[1].startswith("-") or argv[1] in WITHOUT_SERVERS.split():
        return False
    if argv[1] == "train_reranker" and not any(word.startswith(COMPARING) for word in argv):
        return False
    return not {"-h", "--help"} & set(argv)


def with_servers(argv: list[str]) -> None:
    """Run a command with servers; a database that it starts is migrated first."""
    from search_project.servers.lifecycle import servers_running

    signal.signal(signal.SIGTERM, leave)
    with servers_running() as started:
        if started and is_ours(argv[1]):
            execute([argv[0], "migrate", "--verbosity", "0"])
        execute(argv)


def leave(signum: int, frame: FrameType | None) -> NoReturn:
    """Let SIGTERM unwind the stack, so that servers are stopped on the way out."""
    sys.exit(128 + signum)


def is_ours(command: str) -> bool:
    import django
    from django.core.management import get_commands

    django.setup()  # before it, the list of commands would be Django's own, and be kept
    return str(get_commands().get(command)) in OURS


def execute(argv: list[str]) -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(argv)
