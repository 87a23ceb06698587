"""One loaded bi-encoder: texts in, unit vectors out, and everything that names its space."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from documents.errors import ModelUnavailable

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Kind = Literal["query", "passage"]
Vectors = NDArray[np.float32]

# Below this, a long title could leave no room for text.
SMALLEST_WINDOW = 240
PROMPT_NAMES: dict[Kind, tuple[str, ...]] = {
    "query": ("query",),
    "passage": ("document", "passage"),
}


@dataclass(frozen=True)
class Identity:
    """Everything that must be equal for two vectors to be comparable."""

    model: str
    revision: str
    pooling: str
    prompts: dict[str, str]
    dimensions: int
    precision: str = "float32"

    def fields(self) -> dict[str, Any]:
        return asdict(self)


class Encoder:
    """Loads the model at `path` onto a GPU where there is one. Raises ModelUnavailable."""

    def __init__(self, name: str, path: str) -> None:
        from sentence_transformers import SentenceTransformer

        try:
            self.model = SentenceTransformer(path)
            self.identity = self._identity(name, Path(path))
        except Exception as error:  # a broken folder fails in many ways, in several libraries
            raise ModelUnavailable(f"The model {name} cannot be loaded: {error}") from error
        self.tokenizer: Tokenizer = self._tokenizer()
        self.window = self._window()
        if self.window < SMALLEST_WINDOW:
            raise ModelUnavailable(
                f"The model {name} reads {self.window} tokens at once; "
                f"at least {SMALLEST_WINDOW} are needed."
            )

    @property
    def device(self) -> str:
        return str(self.model.device)

    def encode(self, texts: Sequence[str], kind: Kind) -> Vectors:
        """One forward pass over all texts: float32 (n, dimensions), rows of unit length."""
        rows = self.model.encode(
            list(texts),
            prompt=self._prompt(kind) or None,
            batch_size=max(1, len(texts)),
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(rows, dtype=np.float32).reshape(len(texts), self.identity.dimensions)

    def token_vectors(self, texts: Sequence[str], batch_size: int = 32) -> list[Vectors]:
        """For each text the vectors of its word pieces, special ones first and last.

        Each is float32 (tokens, dimensions), rows of unit length, for late interaction.
        """
        found = self.model.encode(
            list(texts),
            output_value="token_embeddings",
            batch_size=batch_size,
            show_progress_bar=False,
        )
        matrices = [np.asarray(matrix.cpu(), dtype=np.float32) for matrix in found]
        return [m / np.maximum(np.linalg.norm(m, axis=1, keepdims=True), 1e-12) for m in matrices]

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, special ones included."""
        return [len(encoding) for encoding in self.tokenizer.encode_batch_fast(list(texts))]

    def _prompt(self, kind: Kind) -> str:
        prompts = self.identity.prompts
        return next((prompts[name] for name in PROMPT_NAMES[kind] if prompts.get(name)), "")

    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        own = Tokenizer.from_str(self.model.tokenizer.backend_tokenizer.to_str())
        own.no_truncation()
        own.no_padding()
        return own

    def _window(self) -> int:
        prompt = max((self._prompt(kind) for kind in PROMPT_NAMES), key=len)
        taken = len(self.tokenizer.encode(prompt, add_special_tokens=False)) if prompt else 0
        return int(self.model.max_seq_length or 512) - taken

    def _identity(self, name: str, path: Path) -> Identity:
        pooling = next((str(m.pooling_mode) for m in self.model if hasattr(m, "pooling_mode")), "")
        return Identity(
            model=name,
            revision=_revision(path),
            pooling=pooling[:20],
            prompts={key: value for key, value in self.model.prompts.items() if value},
            dimensions=int(self.model.get_embedding_dimension() or 0),
        )


def _revision(path: Path) -> str:
    """A hash of the weights and the settings beside them, so that equal files are one revision."""
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*.safetensors")) or sorted(path.rglob("*.bin")):
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    for name in ("modules.json", "config.json", "sentence_bert_config.json"):
        if (path / name).is_file():
            content = json.loads((path / name).read_text(encoding="utf-8"))
            digest.update(json.dumps(content, sort_keys=True).encode())
    return digest.hexdigest()[:16]
