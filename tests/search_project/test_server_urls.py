"""What the addresses of servers ask for reaches every client."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from search_project import server_urls

SERVER = "postgres://user:p%40ss%2Fword@db.example.org:5433/search"


def test_the_options_of_the_database_address_count():
    options = "sslmode=verify-full&sslrootcert=/etc/ca.pem&application_name=search"
    more = "options=-c%20statement_timeout%3D5s&target_session_attrs=read-write"
    found = server_urls.database_settings(f"{SERVER}?{options}&{more}")
    assert found["OPTIONS"] == {
        "connect_timeout": 5, "sslmode": "verify-full", "sslrootcert": "/etc/ca.pem",
        "application_name": "search", "options": "-c statement_timeout=5s",
        "target_session_attrs": "read-write",
    }  # fmt: skip
    assert (found["PASSWORD"], found["CONN_MAX_AGE"]) == ("p@ss/word", 60)


def test_its_own_time_limit_goes_before_ours():
    assert server_urls.database_settings(SERVER)["OPTIONS"] == {"connect_timeout": 5}
    assert server_urls.database_settings(f"{SERVER}?connect_timeout=9")["OPTIONS"] == {
        "connect_timeout": 9
    }


def test_a_server_with_such_options_takes_them(db, settings):
    found = server_urls.database_settings(
        f"{settings.DATABASE_URL}?application_name=named&options=-c%20statement_timeout%3D5s"
    )
    own = connections["default"].copy()
    own.settings_dict = {**own.settings_dict, **found}
    with own.cursor() as cursor:
        cursor.execute("SHOW application_name")
        assert cursor.fetchone() == ("named",)
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("5s",)
    own.close()


@pytest.mark.parametrize(
    "url", ["db", "mysql://db/search", "postgres://user:a/secret@db/x", "postgres://db"]
)
def test_another_database_address_is_refused_without_being_repeated(url):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL is not of the form") as refused:
        server_urls.database_settings(url)
    assert "secret" not in str(refused.value)


def test_an_option_that_no_server_knows_is_refused():
    with pytest.raises(ImproperlyConfigured, match='invalid connection option "sslmod"'):
        server_urls.database_settings(f"{SERVER}?sslmod=require")


@pytest.mark.parametrize(
    "url",
    [
        "db", "http://db", "redis://:a/secret@db", "redis://:a#secret@db", "redis://db/first",
        "redis://db?secret=1", "rediss://db?ssl_cert_reqs=secret", "redis://db:secret",
    ],
)  # fmt: skip
def test_another_redis_address_is_refused_without_being_repeated(monkeypatch, url):
    monkeypatch.setenv("CACHE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="CACHE_URL is not of the form") as refused:
        server_urls.redis_url("CACHE_URL")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["redis://db", "redis://:p%2Fss@db:6380/3", "rediss://u:p@db?ssl_ca_certs=/ca.pem"]
)
def test_a_redis_address_is_taken_as_it_is(monkeypatch, url):
    monkeypatch.setenv("CACHE_URL", url)
    assert server_urls.redis_url("CACHE_URL") == url
