"""The one door to the embedding model: loaded once in a process, shared by all its threads."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from django.conf import settings

from documents import model_files, spaces
from documents.batching import Batcher
from documents.chunking import Measure
from documents.encoder import Kind, TextEncoder, Vectors
from documents.errors import ModelUnavailable
from documents.inference.opening import open_encoder
from documents.models import Space

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

__all__ = [
    "Embedder",
    "ModelUnavailable",
    "embed",
    "embedder",
    "live",
    "load",
    "measure",
    "space",
    "targets",
    "tokenizer",
]


# The window in words where no tokenizer is at hand to count in word pieces.
WORDS = 180


@dataclass(eq=False)
class Embedder:
    """A loaded model whose batches all threads share, and the space its vectors lie in."""

    encoder: TextEncoder
    batcher: Batcher

    @property
    def window(self) -> int:
        """How many tokens a passage may have, special ones included."""
        return self.encoder.window

    @property
    def dimensions(self) -> int:
        return self.encoder.identity.dimensions

    @property
    def tokenizer(self) -> "Tokenizer":
        return self.encoder.tokenizer

    def embed(self, texts: Sequence[str], kind: Kind) -> Vectors:
        """float32 (n, dimensions), rows of unit length, in the order of `texts`."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        return self.batcher.embed(texts, kind)

    def read(self, texts: Sequence[str]) -> "list[tuple[Encoding, Vectors]]":
        """The word pieces that the model reads of each text, with their places in it, and a unit
        row for each: float32 (pieces, d)."""
        return self.encoder.read(texts)

    def reads_whole(self, text: str) -> bool:
        """Whether the text fits into the window without being cut."""
        return self.encoder.lengths([text])[0] <= self.window

    def stands_in_for(self, other: "Embedder") -> bool:
        """Whether both differ in precision alone and the settings leave that open: then what is
        live stays, until `manage.py reindex` is asked to build it anew."""
        own, its = (replace(e.encoder.identity, model="", precision="") for e in (self, other))
        return settings.INFERENCE_BACKEND == "auto" and own == its

    def space(self) -> Space:
        """The row of the space that this model's vectors lie in, made when there is none."""
        return spaces.row(self.encoder.identity)


_lock = threading.RLock()
_loaded: dict[tuple[str, str], Embedder | ModelUnavailable] = {}


def load() -> Embedder | None:
    """Load what queries need before traffic comes; None where it cannot be had."""
    try:
        return live()
    except ModelUnavailable:
        return None


def embedder() -> Embedder:
    """The configured model, loaded on first use. Raises ModelUnavailable, the same each time until
    `retry` has found the model."""
    return _named(settings.EMBEDDING_MODEL)


def _named(name: str, precision: str = "") -> Embedder:
    key = (name, precision)
    with _lock:
        if key not in _loaded:
            _loaded[key] = _load(name, precision)
        found = _loaded[key]
    if isinstance(found, ModelUnavailable):
        raise found
    return found


def retry() -> None:
    """Ask again for the models that could not be had. It may wait for a download: no request may
    call it."""
    with _lock:
        failed = [key for key, found in _loaded.items() if isinstance(found, ModelUnavailable)]
    for key in failed:
        found = _load(*key)
        with _lock:
            _loaded[key] = found


def _load(name: str, precision: str) -> Embedder | ModelUnavailable:
    try:
        path = model_files.locate(name)
        encoder = open_encoder(
            name, path, settings.INFERENCE_BACKEND, settings.INT8_CACHE_DIR, precision
        )
    except ModelUnavailable as error:
        return error
    return Embedder(encoder, Batcher(encoder.encode))  # type: ignore[arg-type]


def tokenizer() -> "Tokenizer":
    """The configured model's own tokenizer, neither cutting nor padding."""
    return embedder().tokenizer


def live() -> Embedder:
    """The model of the live space: what queries must be embedded with.

    It is the configured model, except while another model's space is being built beside the live
    one. Raises ModelUnavailable where the live space's model cannot be had any more.
    """
    row = spaces.live()
    if row is None or _is_configured(row):
        return embedder()
    found = _named(row.model, row.precision)
    if not spaces.is_of(row, found.encoder.identity):
        raise ModelUnavailable("model_of_index_missing", model=row.model, revision=row.revision)
    return found


def _is_configured(row: Space) -> bool:
    try:
        return spaces.is_of(row, embedder().encoder.identity)
    except ModelUnavailable:
        return False


def space() -> Space:
    """The row of the live space; the configured model's becomes it where there is none yet."""
    return spaces.live() or spaces.make_live_if_none(embedder().space())


def space_of(model: Embedder) -> Space:
    """The row of a model's space, which becomes the live one where there is none yet."""
    own = model.space()
    if not own.live and spaces.make_live_if_none(own) == own:
        own.live = True
    return own


def embed(texts: Sequence[str], kind: Kind = "passage") -> Vectors:
    """Rows of unit length in the live space, float32 (n, dimensions). Raises ModelUnavailable."""
    return live().embed(texts, kind)


def measure(models: Sequence[Embedder] | None = None) -> Measure:
    """How passages are measured: by the configured model, or by words where it cannot be had.

    `models` are what `targets` returned, for a caller that has asked already. While another
    model's space is being built, the smaller of the two windows counts.
    """
    models = targets() if models is None else models
    if not models:
        return Measure(word_tokenizer(), WORDS)
    return Measure(models[-1].tokenizer, min(model.window for model in models))


@cache
def word_tokenizer() -> "Tokenizer":
    """Counts words and punctuation; about three quarters of what word pieces would be."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    plain = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))  # noqa: S106
    plain.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return plain


def targets() -> list[Embedder]:
    """Every model whose space must hold new passages: the live one, and one being built.

    Empty where no model can be had: such documents are found by their words alone.
    """
    found: list[Embedder] = []
    for get in (live, embedder):
        try:
            model = get()
        except ModelUnavailable:
            continue
        if model not in found and not any(map(model.stands_in_for, found)):
            found.append(model)
    return found
