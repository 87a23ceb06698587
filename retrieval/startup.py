"""Loading of models and the index in a web process, before its first request."""

import logging
import time

from documents.embedding import load_embedder
from retrieval import rerankers
from retrieval.lexical import warm_up
from retrieval.live_index import IndexFollower, live_index

logger = logging.getLogger(__name__)

# Mostly enough for what a snapshot lacks (`compaction_due`).
CATCH_UP_SECONDS = 5.0


def load_retrieval() -> None:
    """Load models, compiled kernels and the last snapshot, and start the index follower."""
    started = time.perf_counter()
    if load_embedder() is None:
        logger.warning("No embedding model: searches go by words alone.")
    if (reranker := rerankers.load_reranker()) is not None:  # its depth may have to be measured
        logger.info("%d documents are reranked with %s", reranker.depth, reranker.name)
    warm_up()
    follow_index()
    logger.info("Ready to search after %.1f s", time.perf_counter() - started)


def follow_index() -> IndexFollower:
    """Open the last snapshot and follow the change log; a long build continues during searches."""
    index, follower = live_index(), IndexFollower()
    index.followed = True
    follower.start()
    if not index.caught_up.wait(CATCH_UP_SECONDS):
        logger.warning("The lexical index is being built; until then searches find only a part.")
    return follower
