"""What a process loads before its first request or task, and what it tells the health page."""

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
# How often a model that could not be had, a hub being away, is asked for again.
RETRY_SECONDS = 300.0

# This process's own word, in case the broker was away when it was states.
states: dict[str, tuple[bool, Message]] = {}


def load_web() -> None:
    """Both models, the lexical index and what follows its changes."""
    from documents.embedding import retry_missing_models
    from retrieval import rerankers, startup

    startup.load_retrieval()
    report_web()
    start_retry_thread(report_web, retry_missing_models, rerankers.refresh_rerankers)


def load_worker() -> None:
    """The embedding model: a worker ranks nothing."""
    from documents.embedding import retry_missing_models

    started = time.perf_counter()
    report_worker()
    start_retry_thread(report_worker, retry_missing_models)
    logger.info("Ready to index after %.1f s", time.perf_counter() - started)


def start_retry_thread(report: Step, *retries: Step) -> threading.Event:
    """Ask for missing models from time to time, in a thread that ends once the event is set."""
    stop = threading.Event()

    def retry() -> None:
        while not stop.wait(RETRY_SECONDS):
            try:
                for step in (*retries, report):
                    step()
            except Exception:
                logger.exception("Models were not asked for again.")

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
    """Load the embedding model if it is not yet; whether it is there, and what to say of it."""
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
    """The last word of the web server and of the worker, as far as they have said one. Raises
    RedisError or OSError where the broker is away."""
    found = caches["status"].get_many([f"models:{role}" for role in ROLES])
    return {key: (ok, Message.from_json(plain)) for key, (ok, plain) in found.items()}
