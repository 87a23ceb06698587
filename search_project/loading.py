"""What a process loads before its first request or task, and what it tells the health page."""

import contextlib
import logging
import time

import redis
from django.conf import settings
from django.core.cache import caches

logger = logging.getLogger(__name__)

# This process's own word, in case the broker was away when it was told.
told: dict[str, tuple[bool, str]] = {}


def load_web() -> None:
    """Both models, the lexical index and what follows its changes."""
    from retrieval import reranking, startup

    startup.load()
    ok, words = embedding_state()
    tell("web", ok, f"{words} {reranking.state()}".strip())


def load_worker() -> None:
    """The embedding model: a worker ranks nothing."""
    started = time.perf_counter()
    tell("worker", *embedding_state())
    logger.info("Ready to index after %.1f s", time.perf_counter() - started)


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
