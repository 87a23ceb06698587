"""The web server's settings: `gunicorn -c python:search_project.gunicorn`."""

import threading
from pathlib import Path

from gunicorn.workers.base import Worker

from search_project import env
from search_project.data_dir import UMASK

wsgi_app = "search_project.wsgi:application"
host, port = env.text("HOST", "127.0.0.1"), env.number("PORT", 8000, minimum=1)
bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
worker_class = "gthread"
workers = env.number("WEB_CONCURRENCY", 1, minimum=1)
threads = env.number("WEB_THREADS", 8, minimum=1)
# A thread may take its time with a large upload; the process must show a sign of life.
timeout = 120
graceful_timeout = 3
umask = UMASK
keepalive = 15
accesslog = None
# One for all installations of a user, which would take it from each other.
control_socket_disable = True
# Heartbeats of the workers in memory: a slow disk must not look like a hung process.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


def post_worker_init(worker: Worker) -> None:
    """Before the first request, and after the fork, which the models' threads would not survive."""
    from search_project.warmup import load_web

    loaded = threading.Event()
    threading.Thread(target=stay_alive, args=(worker, loaded), daemon=True).start()
    try:
        load_web()
    finally:
        loaded.set()


def stay_alive(worker: Worker, loaded: threading.Event) -> None:
    """On a busy machine loading may take longer than the silence that gunicorn allows."""
    while not loaded.wait(5):
        worker.notify()
