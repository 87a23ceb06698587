"""Loading before the first request or task, and the reports on models for the health page."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable

import redis
from django.conf import settings
from django.core.cache import caches

from documents.messages import Message

logger = logging.getLogger(__name__)

ROLES = ("web", "worker")
Step = Callable[[], None]
# Seconds between attempts to load missing models and to refresh rerankers.
RETRY_SECONDS = 300.0

# This process's own reports, in case the broker was away when they were sent.
states: dict[str, tuple[bool, Message]] = {}


def load_web() -> None:
    """Load both models and the lexical index, and start the index follower."""
    from documents.embedding import retry_missing_models
    from retrieval import rerankers, startup

    startup.load_retrieval()
    report_web()
    start_retry_thread(report_web, retry_missing_models, rerankers.refresh_rerankers)


def load_worker() -> None:
    """Load the embedding model; a worker ranks nothing."""
    from documents.embedding import retry_missing_models

    started = time.perf_counter()
    report_worker()
    start_retry_thread(report_worker, retry_missing_models)
    logger.info("Ready to index after %.1f s", time.perf_counter() - started)


def start_retry_thread(report: Step, *retries: Step) -> threading.Event:
    """Run `retries` and `report` periodically, in a thread that ends once the event is set."""
    stop = threading.Event()

    def retry() -> None:
        while not stop.wait(RETRY_SECONDS):
            try:
                for step in (*retries, report):
                    step()
            except Exception:
                logger.exception("Loading of missing models failed.")

    threading.Thread(target=retry, name="missing models", daemon=True).start()
    return stop


def report_web() -> None:
    from retrieval import rerankers

    ok, state = embedding_state()
    report_state(
        "web",
        ok,
        Message("both_models", {"embedding": state, "reranking": rerankers.reranker_state()}),
    )


def report_worker() -> None:
    report_state("worker", *embedding_state())


def embedding_state() -> tuple[bool, Message]:
    """Load the embedding model if necessary; whether it is loaded, and a message."""
    from documents.embedding import ModelUnavailable, configured_model

    try:
        configured_model()
    except ModelUnavailable as error:
        logger.warning("Keyword search only: %s", error)
        return False, error.message
    return True, Message("model_loaded", {"model": settings.EMBEDDING_MODEL})


def report_state(role: str, ok: bool, state: Message) -> None:
    states[f"models:{role}"] = (ok, state)
    with contextlib.suppress(redis.RedisError, OSError):
        caches["status"].set(f"models:{role}", (ok, state.as_json()), timeout=None)


def reported_states() -> dict[str, tuple[bool, Message]]:
    """The last reports of web server and worker. Raises RedisError or OSError if the broker cannot
    be reached."""
    found = caches["status"].get_many([f"models:{role}" for role in ROLES])
    return {key: (ok, Message.from_json(plain)) for key, (ok, plain) in found.items()}
