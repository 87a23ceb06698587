"""The int8 bi-encoder: the interface of `documents.inference.encoder.Encoder` without torch."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from documents.inference.encoder import (
    EmbeddingSpec,
    EncodedPassage,
    TextKind,
    Vectors,
    prompt_for,
    token_places,
    unit_rows,
    window_of,
)
from documents.inference.model_cache import ConvertedModel
from documents.inference.session import OnnxModel

if TYPE_CHECKING:
    from tokenizers import Encoding


class Int8Encoder:
    """Runs a converted bi-encoder on all cores. `name` is the configured name of the model."""

    device = "cpu"

    def __init__(self, name: str, artifact: ConvertedModel) -> None:
        from tokenizers import Tokenizer

        about = artifact.about
        self.identity = EmbeddingSpec(
            model=name,
            revision=about["revision"],
            pooling=about["pooling"],
            prompts=about["prompts"],
            dimensions=about["dimensions"],
            precision="int8",
        )
        self.tokenizer: Tokenizer = Tokenizer.from_file(str(artifact.tokenizer))
        self._cutting = Tokenizer.from_file(str(artifact.tokenizer))
        self._cutting.enable_truncation(about["window"])
        self.window = window_of(self.tokenizer, about["window"], about["prompts"])
        self._model = OnnxModel(artifact.model)
        self._pool = POOLINGS[about["pooling"]]

    def encode(self, texts: Sequence[str], kind: TextKind) -> Vectors:
        """float32 (n, dimensions), rows of unit length; what exceeds the window is cut."""
        prompt = prompt_for(kind, self.identity.prompts)
        outputs = self._model.run(self._pieces([prompt + text for text in texts]))
        rows = [self._pool(output) for output in outputs]
        return unit_rows(np.asarray(rows, np.float32).reshape(-1, self.identity.dimensions))

    def encode_tokens(self, texts: Sequence[str]) -> list[EncodedPassage]:
        """The vectors of passages and of their tokens, from one pass."""
        prompt = prompt_for("passage", self.identity.prompts)
        pieces = self._pieces([prompt + text for text in texts])
        return [
            EncodedPassage(
                unit_rows(self._pool(output)), unit_rows(output[token_places(encoding, prompt)])
            )
            for encoding, output in zip(pieces, self._model.run(pieces), strict=True)
        ]

    def read(self, texts: Sequence[str]) -> "list[tuple[Encoding, Vectors]]":
        """The word pieces that the model reads of each text, and a unit row for each."""
        pieces = self._pieces(texts)
        return list(zip(pieces, map(unit_rows, self._model.run(pieces)), strict=True))

    def _pieces(self, texts: Sequence[str]) -> "list[Encoding]":
        return self._cutting.encode_batch(list(texts))

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, special ones included."""
        return [len(encoding) for encoding in self.tokenizer.encode_batch_fast(list(texts))]


POOLINGS: dict[str, Callable[[Vectors], Vectors]] = {
    "mean": lambda output: output.mean(axis=0),
    "mean_sqrt_len_tokens": lambda output: output.sum(axis=0) / np.sqrt(len(output)),
    "max": lambda output: output.max(axis=0),
    "cls": lambda output: output[0],
    "lasttoken": lambda output: output[-1],
}
