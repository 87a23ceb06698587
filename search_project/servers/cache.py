"""The embedded cache, a separate server so that searches never use the queue's memory."""

from search_project.data_dir import InstallationState
from search_project.servers.valkey import Valkey


def cache_url(state: InstallationState) -> str:
    return CacheServer(state).url


class CacheServer(Valkey):
    """Nothing is written to disk, and the least recently used entries are evicted.

    The rankings of about 8,000 searches fit, of up to 8 kB each.
    """

    name = "cache"
    label = "The embedded cache"
    options = "appendonly no\nmaxmemory 64mb\nmaxmemory-policy allkeys-lru\n"
