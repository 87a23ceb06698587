"""Every run has its own servers, in a folder that is deleted afterwards.

The environment is settled here, before Django's settings are read: that is why pyproject.toml does
not name the settings module. Servers start when the first test asks for the database.

TEST_VAR_DIR=/some/folder keeps the folder, so that the next run need not make a database.
"""

import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_django

from tests import markers, properties
from tests.environment import settle_environment

VAR_DIR = settle_environment()
AUDIT_LOG = "documents_auditevent"

import django  # noqa: E402

from search_project.data_dir import installation  # noqa: E402
from search_project.servers import lifecycle  # noqa: E402
from tests.live import LiveStack, running_stack  # noqa: E402

for server in lifecycle.embedded(installation()):
    server.settle_port()
django.setup()


def pytest_addoption(parser: pytest.Parser) -> None:
    what = "only tests without a model, a browser or processes of their own; a hash embeds"
    parser.addoption("--fast", action="store_true", help=what)


def pytest_configure(config: pytest.Config) -> None:
    properties.load_profile(config.getoption("--fast"))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Tests of the browser cannot even be imported where Playwright is not installed."""
    is_left_out = config.getoption("--fast") and collection_path.name == "browser"
    return True if is_left_out else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        markers.mark(item)
    if shutil.which("tesseract") is None:
        unread = [item for item in items if item.get_closest_marker("tesseract")]
        items[:] = [item for item in items if not item.get_closest_marker("tesseract")]
        config.hook.pytest_deselected(items=unread)
    if config.getoption("--fast"):
        slow = [item for item in items if not markers.is_fast(item)]
        items[:] = [item for item in items if markers.is_fast(item)]
        config.hook.pytest_deselected(items=slow)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """A worker settles an environment of its own; were the settings module named, pytest-django
    would read the settings before that."""
    del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_unconfigure() -> None:
    if not os.environ.get("TEST_VAR_DIR"):
        shutil.rmtree(VAR_DIR, ignore_errors=True)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, None]:
    """Where CI is set, a test that was left out is a test that failed."""
    result = yield
    report = result.get_result()
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"In CI nothing may be skipped: {report.longrepr}"


@pytest.fixture(scope="session", autouse=True)
def encoder(request: pytest.FixtureRequest) -> Iterator[None]:
    """The configured model, or with --fast one that hashes words."""
    from documents.embedding import registry

    with pytest.MonkeyPatch.context() as patch:
        if request.config.getoption("--fast"):
            from tests.word_hash_encoder import WordHashEncoder

            patch.setattr(registry, "open_encoder", WordHashEncoder)
        yield


@pytest.fixture(scope="session")
def servers() -> Iterator[None]:
    """The embedded PostgreSQL and broker of this run."""
    with lifecycle.servers_running():
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(servers: None) -> None:
    """pytest-django calls it before it makes the test database."""


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> None:
    """Tests with transactions of their own empty every table: row by row, since to truncate these
    takes a hundred times as long, but for the audit log's, which refuses that."""
    from django.db import connection
    from django.db.backends.postgresql.operations import DatabaseOperations

    def sql_flush(
        ops: DatabaseOperations, _style: object, tables: list[str], **_: Any
    ) -> list[str]:
        emptied = [f"DELETE FROM {ops.quote_name(name)}" for name in tables if name != AUDIT_LOG]  # noqa: S608
        return [*emptied, f"TRUNCATE {AUDIT_LOG}"] if AUDIT_LOG in tables else emptied

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign, assignment]
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {AUDIT_LOG} DISABLE TRIGGER {AUDIT_LOG}_no_truncate")


@pytest.fixture(scope="session")
def live_stack(servers: None) -> Iterator[LiveStack]:
    """The product as its users run it: web server, worker and beat, each a process of its own,
    with a database, a broker database and a folder apart from those of the other tests.
    """
    with ExitStack() as stack:
        yield stack.enter_context(running_stack(VAR_DIR / "live"))


@pytest.fixture(autouse=True)
def cheap_settings(settings: Any) -> None:
    """Pages name their static files as they are, since tests collect none, and a password is hashed
    at once; the live stack does both as the product does."""
    backend = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
