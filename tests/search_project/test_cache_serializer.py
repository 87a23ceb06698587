"""The caches hold JSON and nothing else, in the servers that the tests run."""

import json
import pickle
import zlib

import pytest
import redis
from django.conf import settings
from django.core.cache import caches

from search_project.cache_serializer import JSONCacheSerializer


@pytest.mark.parametrize(
    "value", [None, True, 7, -0.5, "a", "\ud800", [1, [2]], {"key": ["a", None, {"b": False}]}]
)
@pytest.mark.parametrize("alias", ["default", "status"])
def test_what_json_can_say_comes_back(servers, alias, value):
    caches[alias].set("value", value)
    assert caches[alias].get("value", "missing") == value
    caches[alias].delete("value")


@pytest.mark.parametrize("value", [b"bytes", {1, 2}, object(), float("nan"), 1j])
def test_what_json_cannot_say_is_refused(value):
    with pytest.raises((TypeError, ValueError)):
        JSONCacheSerializer().dumps(value)


def test_what_lies_in_the_server_is_json(servers):
    caches["default"].set("kept", {"list": [1, 2]})
    with redis.Redis.from_url(settings.CACHE_URL) as client:
        assert json.loads(zlib.decompress(client.get(caches["default"].make_key("kept")))) == {
            "list": [1, 2]
        }


def test_a_number_can_be_counted_up(servers):
    caches["default"].set("count", 1)
    assert caches["default"].incr("count") == 2


class Command:
    """What a writer to the server would leave, to have it run where it is read."""

    def __reduce__(self):
        return (pytest.fail, ("It was run.",))


@pytest.mark.parametrize("alias", ["default", "status"])
def test_what_others_write_to_the_server_is_never_run(servers, alias):
    cache = caches[alias]
    with redis.Redis.from_url(settings.CACHES[alias]["LOCATION"][0]) as client:
        client.set(cache.make_key("planted"), pickle.dumps(Command()), ex=60)
    assert cache.get("planted", "missing") is None
    cache.delete("planted")
