"""The registry of rerankers, and the choice of the one that the settings name."""

import json
import logging
import re
import threading
from collections.abc import Callable, Sequence
from copy import copy
from functools import cached_property, partial
from pathlib import Path
from typing import Protocol

from django.conf import settings

from documents.embedding import (
    Embedder,
    active_model,
    configured_model,
    locate_model,
    model_of_space,
    open_cross_encoder,
    projection_of,
)
from documents.errors import ModelUnavailable
from documents.inference.token_vectors import compress
from documents.messages import Message
from documents.models import EmbeddingSpace
from retrieval import late_interaction
from retrieval.late_interaction import TermWeights
from retrieval.rerankers.depth import affordable_depth
from retrieval.rerankers.token_vectors import stored_token_scores, token_embeddings_of

logger = logging.getLogger(__name__)

HUB_CROSS_ENCODER = "cross-encoder/ms-marco-MiniLM-L6-v2"
OWN_CROSS_ENCODER = Path(__file__).resolve().parent.parent / "models"
# A file beside a model's weights with the blend weight that its training found.
RERANKER_CONFIG = "reranker.json"
_WORDS = re.compile(r"\w+")


def trained_reranker_folder() -> Path:
    """The folder of the model that `train_reranker --install` installed."""
    return Path(settings.VAR_DIR) / "reranker"


class Reranker(Protocol):
    """`name` is shown in responses and pages; `fingerprint` is part of the keys of cached scores.

    `depth` and `weight` are the defaults of its kind: how many documents it scores, always as
    many, and its share in the blend with the fused score.
    """

    name: str
    weight: float

    @property
    def depth(self) -> int: ...

    @property
    def fingerprint(self) -> str: ...

    def score(self, query: str, texts: Sequence[str], weigh: TermWeights) -> list[float]:
        """A score for each text, on any scale; higher is better.

        `weigh` gives the weights of words, for rerankers that use them.
        """

    def reads_whole(self, query: str) -> bool:
        """Whether the query fits into the window; a longer one is truncated."""


class CrossEncoderReranker:
    """A model that reads query and passage together (Nogueira, Cho: Passage Re-ranking with BERT).

    The weight .5 is not measured for the hub's model; docs/ranking.md has the command that
    measures it. A model trained by `train_reranker` has its own weight.
    """

    weight = 0.5

    def __init__(self, name: str, path: str) -> None:
        self.name = name
        self._model = open_cross_encoder(path, settings.INFERENCE_BACKEND, settings.INT8_CACHE_DIR)
        self.fingerprint = self._model.fingerprint
        suits = Path(path) / RERANKER_CONFIG
        if suits.is_file():
            self.weight = float(json.loads(suits.read_text(encoding="utf-8"))["weight"])

    @cached_property
    def depth(self) -> int:
        return affordable_depth(self, settings.RERANK_BUDGET_MS)

    def score(self, query: str, texts: Sequence[str], weigh: TermWeights) -> list[float]:
        return self._model.score(query, texts)

    def reads_whole(self, query: str) -> bool:
        return self._model.reads_whole(query)


class LateInteractionReranker:
    """Scores by the token vectors of the embedding model, without a second model.

    Those of passages are stored; `score` computes them for passages that lack them.
    """

    name = "late interaction"
    depth = 50
    weight = 0.3

    def __init__(self) -> None:
        configured_model()
        self._model: Callable[[], Embedder] = active_model
        self._space: EmbeddingSpace | None = None

    def of_space(self, space: EmbeddingSpace | None) -> "LateInteractionReranker":
        """The same reranker with the model of `space`, even if another space is active."""
        bound = copy(self)
        bound._model, bound._space = partial(model_of_space, space), space
        return bound

    def stored_scores(
        self, query: str, passage_ids: Sequence[int], weigh: TermWeights
    ) -> dict[int, float]:
        """The scores of those passages whose token vectors are stored."""
        return stored_token_scores(query, passage_ids, self._space, weigh) if self._space else {}

    @property
    def fingerprint(self) -> str:
        identity = self._model().encoder.identity
        return f"late-interaction-{identity.revision}-{identity.precision}"

    def score(self, query: str, texts: Sequence[str], weigh: TermWeights) -> list[float]:
        if not texts:
            return []
        question, *passages = token_embeddings_of(self._model(), [query, *texts])
        projection = projection_of(self._space) if self._space else None
        if projection is None:
            return [late_interaction.maxsim_score(question, each, weigh) for each in passages]
        tokens = [compress(each.vectors, projection) for each in passages]
        return late_interaction.compressed_scores(question, tokens, projection, weigh)

    def reads_whole(self, query: str) -> bool:
        return self._model().reads_whole(query)


def _trained_version() -> tuple[int, int] | None:
    """What differs after each installation of a trained model; None without one."""
    try:
        found = (trained_reranker_folder() / "config.json").stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _trained() -> Reranker:
    if _trained_version() is None:
        raise ModelUnavailable("no_trained_cross_encoder")
    return CrossEncoderReranker("the cross-encoder trained here", str(trained_reranker_folder()))


def _from_hub() -> Reranker:
    return CrossEncoderReranker(HUB_CROSS_ENCODER, locate_model(HUB_CROSS_ENCODER))


def _bundled() -> Reranker:
    found = sorted(OWN_CROSS_ENCODER.rglob("config.json"))
    if not found:
        raise ModelUnavailable("no_own_cross_encoder")
    return CrossEncoderReranker("the product's cross-encoder", str(found[0].parent))


def _auto() -> Reranker:
    global _auto_version  # noqa: PLW0603
    _auto_version = _trained_version()
    for make in (_trained, _from_hub, _bundled):
        try:
            return make()
        except ModelUnavailable as problem:
            logger.info("A reranker is not available: %s", problem)
    return LateInteractionReranker()


def _none() -> Reranker:
    raise ModelUnavailable("reranking_off")


RERANKERS: dict[str, Callable[[], Reranker]] = {
    "auto": _auto,
    "late-interaction": LateInteractionReranker,
    "none": _none,
}

_lock = threading.Lock()
_loaded: dict[str, Reranker | Message] = {}
# The trained model that was installed when "auto" chose last.
_auto_version: tuple[int, int] | None = None


def load_reranker(name: str | None = None) -> Reranker | None:
    """The named reranker, by default that of the settings, loaded once in a process; or None."""
    name = name or settings.RERANKER_MODEL
    with _lock:
        if name not in _loaded:
            _loaded[name] = _make(name)
        found = _loaded[name]
    return None if isinstance(found, Message) else found


def bind_to_space(reranker: Reranker, space: EmbeddingSpace | None) -> Reranker:
    """The same reranker; late interaction uses the embedding model of `space`."""
    if isinstance(reranker, LateInteractionReranker):
        return reranker.of_space(space)
    return reranker


def stored_scores(
    reranker: Reranker, query: str, passage_ids: Sequence[int], weigh: TermWeights
) -> dict[int, float] | None:
    """The scores of those passages whose token vectors are stored; None where the reranker reads
    texts alone."""
    if isinstance(reranker, LateInteractionReranker):
        return reranker.stored_scores(query, passage_ids, weigh)
    return None


def weights_in_scores(reranker: Reranker, query: str, weigh: TermWeights) -> Sequence[float]:
    """The weights of the query's words if scores depend on them: they differ between callers, by
    what each may see. Empty where the reranker reads texts alone."""
    return weigh(_WORDS.findall(query)) if isinstance(reranker, LateInteractionReranker) else ()


def refresh_rerankers() -> None:
    """Load again what could not be loaded, and choose again for "auto" once a trained model was
    installed or removed since. No request may call it: it may wait for a download, and measures."""
    with _lock:
        stale = [name for name, found in _loaded.items() if _is_stale(name, found)]
    for name in stale:
        made = _make(name)
        if not isinstance(made, Message):  # its depth may have to be measured
            logger.info("%d documents are reranked with %s", made.depth, made.name)
        with _lock:
            _loaded[name] = made


def _is_stale(name: str, found: Reranker | Message) -> bool:
    if isinstance(found, Message):
        return name != "none"
    return name == "auto" and _auto_version != _trained_version()


def _make(name: str) -> Reranker | Message:
    try:
        return (
            RERANKERS[name]()
            if name in RERANKERS
            else CrossEncoderReranker(name, locate_model(name))
        )
    except ModelUnavailable as problem:
        logger.warning("No reranking: %s", problem)
        return problem.message


def reranker_state() -> Message:
    """The name of the reranker, or the reason why there is none, for the health page."""
    found = _loaded.get(settings.RERANKER_MODEL, Message("reranker_not_loaded"))
    if isinstance(found, Message):
        return found
    return Message("reranker_loaded", {"reranker": found.name})
