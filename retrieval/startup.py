"""What a web process loads before traffic, so that no request waits for it."""

import logging
import time

from documents import embedding
from retrieval import reranking
from retrieval.index import follow, live_index
from retrieval.lexical import warm_up

logger = logging.getLogger(__name__)


def load() -> None:
    """Models, compiled kernels and the lexical index, and the thread that keeps it fresh."""
    started = time.perf_counter()
    if embedding.load() is None:
        logger.warning("No embedding model: searches go by words alone.")
    reranking.load()
    warm_up()
    live_index().refresh()
    follow()
    logger.info("Ready to search after %.1f s", time.perf_counter() - started)
