"""The third stage: a cross-encoder reads the query and each of the best passages together."""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from django.conf import settings

from documents.errors import ModelUnavailable
from documents.model_files import locate

logger = logging.getLogger(__name__)

HUB_CROSS_ENCODER = "cross-encoder/ms-marco-MiniLM-L6-v2"


class Reranker(Protocol):
    """`name` goes into answers and pages; `score` returns one score for each text, any scale."""

    name: str

    def score(self, query: str, texts: Sequence[str]) -> list[float]: ...


class CrossEncoderReranker:
    """A CrossEncoder of sentence-transformers (Nogueira, Cho: Passage Re-ranking with BERT)."""

    def __init__(self, name: str) -> None:
        from sentence_transformers import CrossEncoder

        self.name = name
        self.model: Any = CrossEncoder(str(locate(name)))

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        if not texts:
            return []
        pairs = [(query, text) for text in texts]
        return [float(score) for score in self.model.predict(pairs, show_progress_bar=False)]


def _auto() -> Reranker:
    return CrossEncoderReranker(HUB_CROSS_ENCODER)


def _none() -> Reranker:
    raise ModelUnavailable("Reranking is switched off (RERANKER_MODEL=none).")


KINDS: dict[str, Callable[[], Reranker]] = {"auto": _auto, "none": _none}

_lock = threading.Lock()
_loaded: dict[str, Reranker | str] = {}


def load(name: str | None = None) -> Reranker | None:
    """The reranker of the settings, loaded once for each process; None when it cannot be had."""
    name = name or settings.RERANKER_MODEL
    with _lock:
        if name not in _loaded:
            try:
                _loaded[name] = KINDS.get(name, lambda: CrossEncoderReranker(name))()
            except ModelUnavailable as problem:
                logger.warning("No reranking: %s", problem)
                _loaded[name] = str(problem)
        found = _loaded[name]
    return None if isinstance(found, str) else found


def state() -> str:
    """In words, for the health page: the model's name, or why there is none."""
    found = _loaded.get(settings.RERANKER_MODEL, "not loaded yet")
    return found if isinstance(found, str) else found.name
