"""TLS options of DATABASE_URL reach libpq, which checks what they ask for.

The embedded server cannot speak TLS ("SSL is not supported by this build"), so a relay that does
stands before it and begins as PostgreSQL does: in clear, until the client asks for TLS.
"""

import asyncio
import contextlib
import ssl
import threading
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme
from django.db import OperationalError, connections

from search_project import server_urls
from tests.search_project.test_secure_redis import copied, ended

ASKS_FOR_TLS = (80877103).to_bytes(4, "big")
LONG_ENOUGH = 10


@dataclass(frozen=True)
class TlsServer:
    """Where PostgreSQL is to be had with a certificate for localhost; the files of clients."""

    port: int
    authority: Path
    certificate: Path
    key: Path


@dataclass
class Relay:
    """Answers as a server with TLS does, and hands the rest on to one without."""

    upstream: int
    context: ssl.SSLContext

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readexactly(8)
        if first[4:] != ASKS_FOR_TLS:
            writer.close()
            return
        writer.write(b"S")
        await writer.drain()
        with contextlib.suppress(OSError):
            await writer.start_tls(self.context)
            inside, to_inside = await asyncio.open_connection("127.0.0.1", self.upstream)
            await asyncio.gather(copied(reader, to_inside), copied(inside, writer))


@pytest.fixture(scope="module")
def tls_server(django_db_setup, tmp_path_factory):
    yield from started(tmp_path_factory.mktemp("tls"), clients_show_certificates=False)


@pytest.fixture(scope="module")
def strict_server(django_db_setup, tmp_path_factory):
    """One that takes nobody without a certificate of its authority."""
    yield from started(tmp_path_factory.mktemp("strict"), clients_show_certificates=True)


def started(folder, *, clients_show_certificates):
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    if clients_show_certificates:
        context.verify_mode = ssl.CERT_REQUIRED
        authority.configure_trust(context)
    shown = authority.issue_cert("client.example.org")
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    shown.cert_chain_pems[0].write_to_path(str(folder / "client.pem"))
    shown.private_key_pem.write_to_path(str(folder / "client.key"))
    (folder / "client.key").chmod(0o600)
    relay = Relay(int(connections["default"].settings_dict["PORT"]), context)
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    listening = asyncio.start_server(relay.serve, "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(listening, loop).result(LONG_ENOUGH)
    port = server.sockets[0].getsockname()[1]
    yield TlsServer(port, folder / "ca.pem", folder / "client.pem", folder / "client.key")
    asyncio.run_coroutine_threadsafe(ended(server), loop).result(LONG_ENOUGH)
    loop.call_soon_threadsafe(loop.stop)


def asked(url, host, port, query):
    """Whether Django's connection to that address is in TLS, once it has answered."""
    parts = urlsplit(url)
    address = f"postgres://{parts.username}:{parts.password}@{host}:{port}{parts.path}?{query}"
    own = connections["default"].copy()
    database = connections["default"].settings_dict["NAME"]
    own.settings_dict = {
        **own.settings_dict, **server_urls.database_settings(address), "NAME": database,
    }  # fmt: skip
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT 1")
            return own.connection.pgconn.ssl_in_use
    finally:
        own.close()


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
def test_a_server_with_the_right_certificate_is_taken(tls_server, settings, mode):
    query = f"sslmode={mode}&sslrootcert={tls_server.authority}"
    assert asked(settings.DATABASE_URL, "localhost", tls_server.port, query)


@pytest.mark.django_db
def test_a_certificate_of_another_name_is_refused_where_the_name_counts(tls_server, settings):
    with pytest.raises(OperationalError, match="does not match host name"):
        query = f"sslmode=verify-full&sslrootcert={tls_server.authority}"
        asked(settings.DATABASE_URL, "127.0.0.1", tls_server.port, query)
    query = f"sslmode=verify-ca&sslrootcert={tls_server.authority}"
    assert asked(settings.DATABASE_URL, "127.0.0.1", tls_server.port, query)


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["verify-ca", "verify-full"])
def test_a_certificate_of_an_unknown_authority_is_refused(tls_server, settings, tmp_path, mode):
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "other.pem"))
    with pytest.raises(OperationalError, match="certificate verify failed"):
        query = f"sslmode={mode}&sslrootcert={tmp_path}/other.pem"
        asked(settings.DATABASE_URL, "localhost", tls_server.port, query)


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["require", "verify-full"])
def test_a_server_without_tls_is_refused_where_it_is_asked_for(tls_server, settings, mode):
    with pytest.raises(OperationalError, match="server does not support SSL"):
        plain = urlsplit(settings.DATABASE_URL).port
        query = f"sslmode={mode}&sslrootcert={tls_server.authority}"
        asked(settings.DATABASE_URL, "localhost", plain, query)


@pytest.mark.django_db
def test_the_clients_certificate_is_shown_to_a_server_that_asks(strict_server, settings):
    query = f"sslmode=verify-full&sslrootcert={strict_server.authority}"
    with pytest.raises(OperationalError):
        asked(settings.DATABASE_URL, "localhost", strict_server.port, query)
    query += f"&sslcert={strict_server.certificate}&sslkey={strict_server.key}"
    assert asked(settings.DATABASE_URL, "localhost", strict_server.port, query)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        ("any", True),
        ("read-write", True),
        ("primary", True),
        ("read-only", False),
        ("standby", False),
    ],
)
def test_only_a_server_of_the_wanted_kind_is_taken(tls_server, settings, wanted, taken):
    query = f"sslmode=require&target_session_attrs={wanted}"
    if taken:
        assert asked(settings.DATABASE_URL, "localhost", tls_server.port, query)
    else:
        with pytest.raises(OperationalError, match=r"read-only|hot standby"):
            asked(settings.DATABASE_URL, "localhost", tls_server.port, query)
