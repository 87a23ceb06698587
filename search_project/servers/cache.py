"""The embedded cache, apart from the broker so that searches never take the queue's memory."""

from search_project.data_dir import InstallationState
from search_project.servers.valkey import Valkey


def cache_url(state: InstallationState) -> str:
    return CacheServer(state).url


class CacheServer(Valkey):
    """Nothing is written to disk, and the entries that were used least lately make room.

    The lists of some 8,000 searches fit, of up to 8 kB each.
    """

    name = "cache"
    label = "The embedded cache"
    options = "appendonly no\nmaxmemory 64mb\nmaxmemory-policy allkeys-lru\n"
