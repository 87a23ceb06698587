"""The Celery application; its settings are Django's CELERY_*."""

import os
import threading
from typing import Any

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "search_project.settings")
# Checks import every view, which a worker never calls; `up`, `migrate` and `make check` run them.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
app = Celery("search_project")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.worker_init.connect
def load_models(**_: Any) -> None:
    """Before the first task is taken."""
    from search_project.warmup import load_worker

    load_worker()


@signals.worker_ready.connect
def show_up(**_: Any) -> None:
    """Send heartbeats from a separate thread, as slow documents may occupy all others."""
    from documents.ingestion.heartbeat import beat_forever

    threading.Thread(target=beat_forever, name="heartbeat", daemon=True).start()


@signals.task_prerun.connect
def close_broken_connections(**_: Any) -> None:
    """Closes connections that are old or broken, as Django does before each request."""
    from django.db import close_old_connections

    close_old_connections()


@signals.setup_logging.connect
def keep_logging(**_: Any) -> None:
    """Django's LOGGING counts for all; beat, which loads no app, has not applied it yet."""
    from django.conf import settings
    from django.utils.log import configure_logging

    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
