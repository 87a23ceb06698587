"""TLS and odd passwords reach every client of Redis: the queue's, Celery's and the cache's.

The embedded server has no TLS, so a relay adds it.
"""

import asyncio
import contextlib
import ssl
import threading
from urllib.parse import quote

import pytest
import redis
import trustme
from celery import Celery
from django.core.cache import CacheHandler
from kombu.exceptions import OperationalError

from documents.errors import QueueUnavailable
from documents.ingestion import queue
from search_project import health, server_urls
from search_project.data_dir import installation
from search_project.servers import broker
from tests.search_project.test_settings import read

USER = "odd@user"
PASSWORD = "a,b;c/d#e?f%20@g:h é"
OPEN = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@localhost"


@pytest.fixture(scope="module")
def server(servers):
    """The port of a server that lets USER in with PASSWORD."""
    state = installation()
    with redis.Redis.from_url(broker.broker_url(state)) as client:
        client.acl_setuser(USER, enabled=True, passwords=[f"+{PASSWORD}"], keys=["*"],
                           channels=["*"], commands=["+@all"])  # fmt: skip
        yield state.port("broker")
        client.acl_deluser(USER)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    made = trustme.CA()
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    made.cert_pem.write_to_path(str(path))
    return made, path


@pytest.fixture(scope="module")
def relay(server, authority):
    """The port where the server is to be had with TLS and a certificate for localhost."""
    yield from relay_to(server, tls_context(authority[0]))


@pytest.fixture(scope="module")
def strict_relay(server, authority):
    """An address for clients alone that show a certificate, and the options that name one."""
    context = tls_context(authority[0])
    context.verify_mode = ssl.CERT_REQUIRED
    authority[0].configure_trust(context)
    shown, folder = authority[0].issue_cert("client.example.org"), authority[1].parent
    shown.cert_chain_pems[0].write_to_path(str(folder / "client.pem"))
    shown.private_key_pem.write_to_path(str(folder / "client.key"))
    options = f"&ssl_certfile={folder}/client.pem&ssl_keyfile={folder}/client.key"
    for port in relay_to(server, context):
        yield f"rediss://{OPEN}:{port}/0?ssl_ca_certs={authority[1]}", options


def tls_context(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


def relay_to(server, context):
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    started = asyncio.run_coroutine_threadsafe(
        asyncio.start_server(
            lambda reader, writer: relayed(reader, writer, server), "127.0.0.1", 0, ssl=context
        ),
        loop,
    ).result(10)
    yield started.sockets[0].getsockname()[1]
    asyncio.run_coroutine_threadsafe(ended(started), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)


async def ended(relay):
    relay.close()
    open_yet = asyncio.all_tasks() - {asyncio.current_task()}
    for task in open_yet:
        task.cancel()
    await asyncio.gather(*open_yet, return_exceptions=True)


async def relayed(reader, writer, server):
    inside, to_inside = await asyncio.open_connection("127.0.0.1", server)
    await asyncio.gather(copied(reader, to_inside), copied(inside, writer))


async def copied(reader, writer):
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


def by_queue(url, settings, monkeypatch):
    settings.REDIS_URL = url
    queue._check_broker()
    assert queue.queue_length() >= 0


def by_health(url, settings, monkeypatch):
    settings.REDIS_URL = url
    if not health.broker().ok:
        raise ConnectionError


def by_celery(url, settings, monkeypatch):
    own = read(monkeypatch, REDIS_URL=url)
    app = Celery(set_as_current=False)
    app.conf.update(
        broker_url=own["CELERY_BROKER_URL"], broker_use_ssl=own.get("CELERY_BROKER_USE_SSL")
    )
    with app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=0, timeout=5)
        sent = connection.SimpleQueue("secure")
        sent.put("a task")
        assert sent.get(timeout=5).payload == "a task"
        sent.queue.delete()


def by_cache(url, settings, monkeypatch):
    cache = CacheHandler({"default": server_urls.cache_settings(url)})["default"]
    cache.set("secure", [1])
    assert cache.get("secure") == [1]
    cache.delete("secure")


CLIENTS = pytest.mark.parametrize("use", [by_queue, by_health, by_celery, by_cache])


@CLIENTS
def test_an_odd_password_lets_every_client_in(server, settings, monkeypatch, use):
    use(f"redis://{OPEN}:{server}/0", settings, monkeypatch)


@CLIENTS
def test_every_client_speaks_tls(relay, authority, settings, monkeypatch, use):
    use(f"rediss://{OPEN}:{relay}/0?ssl_ca_certs={authority[1]}", settings, monkeypatch)


@CLIENTS
def test_every_client_refuses_a_certificate_of_an_unknown_authority(
    relay, settings, monkeypatch, use
):
    with pytest.raises((OSError, redis.RedisError, OperationalError, QueueUnavailable)):
        use(f"rediss://{OPEN}:{relay}/0", settings, monkeypatch)


@CLIENTS
def test_unless_the_address_says_that_none_is_asked_for(relay, settings, monkeypatch, use):
    use(f"rediss://{OPEN}:{relay}/0?ssl_cert_reqs=none", settings, monkeypatch)


@CLIENTS
def test_every_client_refuses_a_certificate_of_another_name(
    relay, authority, settings, monkeypatch, use
):
    there = OPEN.replace("@localhost", "@127.0.0.1")
    with pytest.raises((OSError, redis.RedisError, OperationalError, QueueUnavailable)):
        use(f"rediss://{there}:{relay}/0?ssl_ca_certs={authority[1]}", settings, monkeypatch)


@CLIENTS
def test_every_client_shows_its_certificate_to_a_server_that_asks(
    strict_relay, settings, monkeypatch, use
):
    address, options = strict_relay
    with pytest.raises((OSError, redis.RedisError, OperationalError, QueueUnavailable)):
        use(address, settings, monkeypatch)
    use(address + options, settings, monkeypatch)
