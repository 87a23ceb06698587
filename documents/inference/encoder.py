"""A loaded bi-encoder: texts to unit vectors, and the specification of its embedding space."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from documents.errors import ModelUnavailable
from documents.inference.model_cache import weights_digest

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

TextKind = Literal["query", "passage"]
Vectors = NDArray[np.float32]

PROMPT_NAMES: dict[TextKind, tuple[str, ...]] = {
    "query": ("query",),
    "passage": ("document", "passage"),
}


@dataclass(frozen=True)
class EmbeddingSpec:
    """Everything that must be equal for two vectors to be comparable."""

    model: str
    revision: str
    pooling: str
    prompts: dict[str, str]
    dimensions: int
    precision: str = "float32"

    def fields(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, eq=False)
class EncodedPassage:
    """`vector` (d,) of the whole, and `tokens` (pieces, d), those of the prompt and special ones
    left out; all float32, of unit length."""

    vector: Vectors
    tokens: Vectors


class TextEncoder(Protocol):
    """A loaded bi-encoder on any backend. `window` is the number of tokens that it reads."""

    identity: EmbeddingSpec
    tokenizer: "Tokenizer"
    window: int

    @property
    def device(self) -> str: ...

    def encode(self, texts: Sequence[str], kind: TextKind) -> Vectors:
        """float32 (n, dimensions), rows of unit length; what exceeds the window is cut."""

    def encode_tokens(self, texts: Sequence[str]) -> "list[EncodedPassage]":
        """The vectors of passages and of their tokens, from one pass."""

    def read(self, texts: Sequence[str]) -> "list[tuple[Encoding, Vectors]]":
        """The word pieces of each text with their offsets, and a unit row for each: float32
        (pieces, d)."""

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, special ones included, uncut."""


def prompt_for(kind: TextKind, prompts: Mapping[str, str]) -> str:
    """The prompt that the model expects before a text of this kind; mostly empty."""
    return next((prompts[name] for name in PROMPT_NAMES[kind] if prompts.get(name)), "")


def token_places(encoding: "Encoding", prompt: str) -> list[int]:
    """Which pieces stand for the text itself: no special tokens, and none of the prompt."""
    return [
        place
        for place, (special, (start, end)) in enumerate(
            zip(encoding.special_tokens_mask, encoding.offsets, strict=True)
        )
        if not special and end > start >= len(prompt)
    ]


def unit_rows(rows: Vectors) -> Vectors:
    """Each row divided by its length."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-12), np.float32)


def window_of(tokenizer: "Tokenizer", most: int, prompts: Mapping[str, str]) -> int:
    """`most` tokens less those of the longest prompt."""
    prompt = max((prompt_for(kind, prompts) for kind in PROMPT_NAMES), key=len)
    taken = len(tokenizer.encode(prompt, add_special_tokens=False)) if prompt else 0
    return most - taken


class Encoder:
    """A model on torch, loaded from `path`, on a GPU if there is one.

    Raises ModelUnavailable.
    """

    def __init__(self, name: str, path: str) -> None:
        from sentence_transformers import SentenceTransformer

        try:
            self.model = SentenceTransformer(path)
            self.identity = self._identity(name, Path(path))
        except Exception as error:  # a broken folder fails in many ways, in several libraries
            raise ModelUnavailable("model_broken", model=name, error=str(error)) from error
        most = int(self.model.max_seq_length or 512)
        self.tokenizer: Tokenizer = self._tokenizer()
        self._cutting = self._tokenizer()
        self._cutting.enable_truncation(most)
        self.window = window_of(self.tokenizer, most, self.identity.prompts)

    @property
    def device(self) -> str:
        return str(self.model.device)

    def encode(self, texts: Sequence[str], kind: TextKind) -> Vectors:
        """One forward pass over all texts: float32 (n, dimensions), rows of unit length."""
        rows = self.model.encode(
            list(texts),
            prompt=prompt_for(kind, self.identity.prompts) or None,
            batch_size=max(1, len(texts)),
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(rows, dtype=np.float32).reshape(len(texts), self.identity.dimensions)

    def encode_tokens(self, texts: Sequence[str]) -> list[EncodedPassage]:
        """The vectors of passages and of their tokens, from one pass."""
        prompt = prompt_for("passage", self.identity.prompts)
        found = self.model.encode(
            list(texts),
            output_value=None,
            prompt=prompt or None,
            batch_size=max(1, len(texts)),
            show_progress_bar=False,
        )
        pieces = self._cutting.encode_batch([prompt + text for text in texts])
        outputs: list[dict[str, Any]] = list(found)  # type: ignore[arg-type]
        vectors = unit_rows(np.stack([_numbers(one["sentence_embedding"]) for one in outputs]))
        tokens = [
            unit_rows(_numbers(one["token_embeddings"])[token_places(encoding, prompt)])
            for one, encoding in zip(outputs, pieces, strict=True)
        ]
        return list(map(EncodedPassage, vectors, tokens))

    def read(self, texts: Sequence[str], batch_size: int = 32) -> "list[tuple[Encoding, Vectors]]":
        """The word pieces that the model reads of each text, and a unit row for each."""
        found = self.model.encode(
            list(texts),
            output_value="token_embeddings",
            prompt="",
            batch_size=batch_size,
            show_progress_bar=False,
        )
        rows = [unit_rows(np.asarray(matrix.cpu(), dtype=np.float32)) for matrix in found]
        return list(zip(self._cutting.encode_batch(list(texts)), rows, strict=True))

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, special ones included."""
        return [len(encoding) for encoding in self.tokenizer.encode_batch_fast(list(texts))]

    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        own = Tokenizer.from_str(self.model.tokenizer.backend_tokenizer.to_str())
        own.no_truncation()
        own.no_padding()
        return own

    def _identity(self, name: str, path: Path) -> EmbeddingSpec:
        pooling = next((str(m.pooling_mode) for m in self.model if hasattr(m, "pooling_mode")), "")
        return EmbeddingSpec(
            model=name,
            revision=weights_digest(path),
            pooling=pooling[:20],
            prompts={key: value for key, value in self.model.prompts.items() if value},
            dimensions=int(self.model.get_embedding_dimension() or 0),
        )


def _numbers(tensor: Any) -> Vectors:
    return np.asarray(tensor.cpu(), dtype=np.float32)
