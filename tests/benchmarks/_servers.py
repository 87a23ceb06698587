"""Servers and a database for one benchmark, which go away with it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def own_servers() -> Iterator[None]:
    """Django ready on an empty, migrated database. Call it before anything imports settings."""
    with tempfile.TemporaryDirectory(prefix="lantern-bench-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL may run as another user
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "search_project.settings"}
        from search_project.servers.lifecycle import servers_running

        with servers_running():
            import django
            from django.core.management import call_command

            django.setup()
            call_command("migrate", verbosity=0)
            yield
