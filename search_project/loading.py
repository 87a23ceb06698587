"""What a process loads before its first request or task, and what it tells the health page."""

import contextlib
import logging
import time

import redis
from django.conf import settings
from django.core.cache import cache

from documents.messages import Message

logger = logging.getLogger(__name__)

# This process's own word, in case the broker was away when it was told.
told: dict[str, tuple[bool, Message]] = {}


def load_web() -> None:
    """Both models, the lexical index and what follows its changes."""
    from retrieval import reranking, startup

    startup.load()
    ok, state = embedding_state()
    both = Message("both_models", {"embedding": state, "reranking": reranking.state()})
    tell("web", ok, both)


def load_worker() -> None:
    """The embedding model: a worker ranks nothing."""
    started = time.perf_counter()
    tell("worker", *embedding_state())
    logger.info("Ready to index after %.1f s", time.perf_counter() - started)


def embedding_state() -> tuple[bool, Message]:
    """Load the embedding model if it is not yet; whether it is there, and what to say of it."""
    from documents import embedding

    try:
        embedding.embedder()
    except embedding.ModelUnavailable as error:
        logger.warning("Keyword search only: %s", error)
        return False, error.message
    return True, Message("model_loaded", {"model": settings.EMBEDDING_MODEL})


def tell(role: str, ok: bool, state: Message) -> None:
    told[f"models:{role}"] = (ok, state)
    with contextlib.suppress(redis.RedisError, OSError):
        cache.set(f"models:{role}", (ok, state), timeout=None)
