"""The embedded broker, which keeps the queue."""

from search_project.data_dir import InstallationState
from search_project.servers.valkey import Valkey


def broker_url(state: InstallationState) -> str:
    return Broker(state).url


class Broker(Valkey):
    """What is acknowledged is on disk: a queue that loses tasks at a crash is none."""

    name = "broker"
    label = "The embedded broker"
    options = "appendonly yes\nappendfsync always\nmaxmemory-policy noeviction\n"
