"""What a web process loads before traffic, so that no request waits for it."""

import logging
import time

from documents import embedding
from documents.model_files import ModelUnavailable
from retrieval import reranking
from retrieval.index import follow, live_index
from retrieval.lexical import warm_up

logger = logging.getLogger(__name__)


def load() -> None:
    """Models, compiled kernels and the lexical index, and the thread that keeps it fresh."""
    started = time.perf_counter()
    try:
        embedding.load()
    except ModelUnavailable as problem:
        logger.warning("No search by meaning: %s", problem)
    reranking.load()
    warm_up()
    live_index().refresh()
    follow()
    logger.info("Ready to search after %.1f s", time.perf_counter() - started)
