"""The embedding model: loaded once in a process, shared by all its threads."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from django.conf import settings

from documents.chunking import TokenBudget
from documents.embedding import model_files, spaces
from documents.embedding.batcher import Batcher
from documents.embedding.loader import open_encoder
from documents.embedding.model_languages import declared_languages, language_codes
from documents.errors import ModelUnavailable
from documents.inference.encoder import EncodedPassage, TextEncoder, TextKind, Vectors
from documents.models import EmbeddingSpace

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

__all__ = [
    "Embedder",
    "ModelUnavailable",
    "active_model",
    "configured_model",
    "configured_tokenizer",
    "embed_texts",
    "ensure_active_space",
    "load_embedder",
    "model_of_space",
    "token_budget",
    "write_models",
]


# The kind of those texts whose tokens are wanted, too.
TOKENS = "tokens"
# The window in words when no tokenizer is available to count word pieces.
WORD_WINDOW = 180


@dataclass(eq=False)
class Embedder:
    """A loaded model whose batches all threads share, and the space its vectors lie in.

    `languages` are the codes of those that it was made for, none where it is not known.
    """

    encoder: TextEncoder
    batcher: Batcher
    languages: frozenset[str] = frozenset()

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

    def embed(self, texts: Sequence[str], kind: TextKind) -> Vectors:
        """float32 (n, dimensions), rows of unit length, in the order of `texts`."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        return np.stack(self.batcher.encode(texts, kind))

    def embed_tokens(self, texts: Sequence[str]) -> list[EncodedPassage]:
        """The vectors of passages, as `embed` gives them, with those of their tokens."""
        return self.batcher.encode(texts, TOKENS) if texts else []

    def read(self, texts: Sequence[str]) -> "list[tuple[Encoding, Vectors]]":
        """The word pieces of each text with their offsets, and a unit row for each: float32
        (pieces, d)."""
        return self.encoder.read(texts)

    def reads_whole(self, text: str) -> bool:
        """Whether the whole text fits into the window."""
        return self.encoder.lengths([text])[0] <= self.window

    def stands_in_for(self, other: "Embedder") -> bool:
        """Whether both differ in precision alone and INFERENCE_BACKEND is "auto": then the active
        space stays until `manage.py reindex` builds the other."""
        own, its = (replace(e.encoder.identity, model="", precision="") for e in (self, other))
        return settings.INFERENCE_BACKEND == "auto" and own == its

    def space(self) -> EmbeddingSpace:
        """The row of this model's embedding space, created on first use."""
        return spaces.get_or_create_space(self.encoder.identity)


_lock = threading.RLock()
_loaded: dict[tuple[str, str], Embedder | ModelUnavailable] = {}


def load_embedder() -> Embedder | None:
    """Load the model of the active space before traffic comes; None if it is unavailable."""
    try:
        return active_model()
    except ModelUnavailable:
        return None


def configured_model() -> Embedder:
    """The configured model, loaded on first use. Raises ModelUnavailable, the same error each time
    until `retry_missing_models` has loaded the model."""
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


def retry_missing_models() -> None:
    """Load again the models that were unavailable. No request may call it: it may wait for a
    download."""
    with _lock:
        failed = [key for key, found in _loaded.items() if isinstance(found, ModelUnavailable)]
    for key in failed:
        found = _load(*key)
        with _lock:
            _loaded[key] = found


def _load(name: str, precision: str) -> Embedder | ModelUnavailable:
    try:
        path = model_files.locate_model(name)
        encoder = open_encoder(
            name, path, settings.INFERENCE_BACKEND, settings.INT8_CACHE_DIR, precision
        )
    except ModelUnavailable as error:
        return error
    stated = language_codes(settings.EMBEDDING_LANGUAGES.split(","))
    languages = stated or declared_languages(path)
    return Embedder(encoder, batcher_of(encoder), languages)


def batcher_of(encoder: TextEncoder) -> Batcher:
    """A batcher of texts of each kind, and of passages with their tokens."""

    def encode(texts: Sequence[str], kind: str) -> Sequence[Any]:
        if kind == TOKENS:
            return encoder.encode_tokens(texts)
        return list(encoder.encode(texts, cast("TextKind", kind)))

    return Batcher(encode)


def configured_tokenizer() -> "Tokenizer":
    """The configured model's own tokenizer, without truncation and padding."""
    return configured_model().tokenizer


def active_model() -> Embedder:
    """The model of the active space: queries must be embedded with it.

    It is the configured model, except while the configured model's space is still being built.
    Raises ModelUnavailable when the active space's model is no longer available.
    """
    return model_of_space(spaces.active_space())


def model_of_space(row: EmbeddingSpace | None) -> Embedder:
    """The model of a space; the configured model without one. Raises ModelUnavailable.

    It reads nothing from the database: a caller stays with the space that it has read before.
    """
    if row is None or _is_configured(row):
        return configured_model()
    found = _named(row.model, row.precision)
    if not spaces.space_matches(row, found.encoder.identity):
        raise ModelUnavailable("model_of_index_missing", model=row.model, revision=row.revision)
    return found


def _is_configured(row: EmbeddingSpace) -> bool:
    try:
        return spaces.space_matches(row, configured_model().encoder.identity)
    except ModelUnavailable:
        return False


def ensure_active_space() -> EmbeddingSpace:
    """The row of the active space; without one, the configured model's space becomes active."""
    return spaces.active_space() or spaces.activate_if_none(configured_model().space())


def space_of_model(model: Embedder) -> EmbeddingSpace:
    """The row of a model's space; it becomes the active one if there is none."""
    own = model.space()
    if not own.is_active and spaces.activate_if_none(own) == own:
        own.is_active = True
    return own


def embed_texts(texts: Sequence[str], kind: TextKind = "passage") -> Vectors:
    """Rows of unit length in the active space, float32 (n, dimensions). Raises ModelUnavailable."""
    return active_model().embed(texts, kind)


def token_budget(models: Sequence[Embedder] | None = None) -> TokenBudget:
    """How the tokens of passages are counted: by the configured model, or by words without one.

    `models` are those of `write_models`, for a caller that has them already. While another
    model's space is being built, the smaller of the two windows counts.
    """
    models = write_models() if models is None else models
    if not models:
        return TokenBudget(word_tokenizer(), WORD_WINDOW)
    return TokenBudget(models[-1].tokenizer, min(model.window for model in models))


@cache
def word_tokenizer() -> "Tokenizer":
    """Counts words and punctuation: about three quarters as many tokens as word pieces."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    plain = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))  # noqa: S106
    plain.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return plain


def write_models() -> list[Embedder]:
    """The models that embed new passages: the active one, and one whose space is being built.

    Empty when no model is available: new documents are then found by their words alone.
    """
    found: list[Embedder] = []
    for get in (active_model, configured_model):
        try:
            model = get()
        except ModelUnavailable:
            continue
        if model not in found and not any(map(model.stands_in_for, found)):
            found.append(model)
    return found
