"""What a process loads before its first request or task, and what it tells the health page."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable

import redis
from django.conf import settings
from django.core.cache import caches

logger = logging.getLogger(__name__)

Step = Callable[[], None]
# How often a model that could not be had, a hub being away, is asked for again.
ASK_AGAIN_SECONDS = 300.0

# This process's own word, in case the broker was away when it was told.
told: dict[str, tuple[bool, str]] = {}


def load_web() -> None:
    """Both models, the lexical index and what follows its changes."""
    from documents import embedding
    from retrieval import reranking, startup

    startup.load()
    tell_web()
    ask_again_from_now_on(tell_web, embedding.retry, reranking.retry)


def load_worker() -> None:
    """The embedding model: a worker ranks nothing."""
    from documents import embedding

    started = time.perf_counter()
    tell_worker()
    ask_again_from_now_on(tell_worker, embedding.retry)
    logger.info("Ready to index after %.1f s", time.perf_counter() - started)


def ask_again_from_now_on(report: Step, *retries: Step) -> threading.Event:
    """Ask for missing models from time to time, in a thread that ends once the event is set."""
    stop = threading.Event()

    def ask_again() -> None:
        while not stop.wait(ASK_AGAIN_SECONDS):
            try:
                for step in (*retries, report):
                    step()
            except Exception:
                logger.exception("Models were not asked for again.")

    threading.Thread(target=ask_again, name="missing models", daemon=True).start()
    return stop


def tell_web() -> None:
    from retrieval import reranking

    ok, words = embedding_state()
    tell("web", ok, f"{words} {reranking.state()}".strip())


def tell_worker() -> None:
    tell("worker", *embedding_state())


def embedding_state() -> tuple[bool, str]:
    """Load the embedding model if it is not yet; whether it is there, and a sentence on it."""
    from documents import embedding

    try:
        embedding.embedder()
    except embedding.ModelUnavailable as error:
        logger.warning("Keyword search only: %s", error)
        return False, str(error)
    return True, f"{settings.EMBEDDING_MODEL} is loaded."


def tell(role: str, ok: bool, words: str) -> None:
    told[f"models:{role}"] = (ok, words)
    with contextlib.suppress(redis.RedisError, OSError):
        caches["status"].set(f"models:{role}", (ok, words), timeout=None)
