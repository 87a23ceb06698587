"""The embedded broker, which keeps the queue."""

from search_project.data_dir import InstallationState
from search_project.servers.valkey import Valkey


def broker_url(state: InstallationState) -> str:
    return Broker(state).url


class Broker(Valkey):
    """Every write is on disk before it is acknowledged, so that a crash loses no task."""

    name = "broker"
    label = "The embedded broker"
    options = "appendonly yes\nappendfsync always\nmaxmemory-policy noeviction\n"
