"""Every test runs against real servers of its own, in a folder that goes away with the run.

The environment is settled here, before Django's settings are read: that is why pyproject.toml does
not name the settings module. Servers start when the first test asks for the database.

TEST_VAR_DIR=/some/folder keeps the folder, so that the next run need not make a database.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

SETTINGS = """
ADMIN_PASSWORD ADMIN_USERNAME ALLOWED_HOSTS CACHE_URL CSRF_TRUSTED_ORIGINS DATABASE_URL DEBUG
EMBEDDING_MODEL HOST HTTPS INFERENCE_BACKEND LOAD_SAMPLES MAX_UPLOAD_MB PORT REDIS_URL
RERANKER_MODEL SECRET_KEY
"""


def settle_environment() -> Path:
    """No setting of the caller reaches the tests; nothing is asked of a model hub."""
    for name in SETTINGS.split():
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    named = os.environ.get("TEST_VAR_DIR")
    var = Path(named or tempfile.mkdtemp(prefix="lantern-")).resolve()
    var.mkdir(parents=True, exist_ok=True)
    var.chmod(0o755)
    (var / "static").mkdir(exist_ok=True)
    os.environ["VAR_DIR"] = str(var)
    os.environ["DJANGO_SETTINGS_MODULE"] = "search_project.settings"
    os.environ["HF_HUB_OFFLINE"] = "1"
    # Compiled loops outlive the run: they depend on nothing but the code.
    kept = Path(__file__).resolve().parent.parent / ".pytest_cache"
    os.environ.setdefault("NUMBA_CACHE_DIR", str(kept / "numba"))
    # So do the int8 forms of models, which depend on the weights alone.
    os.environ.setdefault("INT8_CACHE_DIR", str(kept / "models"))
    return var


VAR_DIR = settle_environment()

import django  # noqa: E402

from search_project.servers import running  # noqa: E402
from search_project.state import installation  # noqa: E402
from tests.live import LiveStack, running_stack  # noqa: E402

for server in running.embedded(installation()):
    server.settle_port()
django.setup()


def pytest_unconfigure() -> None:
    if not os.environ.get("TEST_VAR_DIR"):
        shutil.rmtree(VAR_DIR, ignore_errors=True)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Where CI is set, a test that was left out is a test that failed."""
    result = yield
    report = result.get_result()
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"In CI nothing may be skipped: {report.longrepr}"


@pytest.fixture(scope="session")
def servers() -> Iterator[None]:
    """The embedded PostgreSQL and broker of this run."""
    with running.servers_running():
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(servers: None) -> None:
    """pytest-django calls it before it makes the test database."""


@pytest.fixture(scope="session")
def live_stack(servers: None) -> Iterator[LiveStack]:
    """The product as its users run it: web server, worker and beat, each a process of its own,
    with a database, a broker database and a folder apart from those of the other tests.
    """
    with ExitStack() as stack:
        yield stack.enter_context(running_stack(VAR_DIR / "live"))


@pytest.fixture(autouse=True)
def plain_static(settings: Any) -> None:
    """Pages name their static files as they are, since tests collect none (the live stack does)."""
    backend = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}
