"""Cross-encoders: one score for each (query, passage), in int8 or in torch."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from documents.errors import ModelUnavailable
from documents.inference.model_cache import ConvertedModel, weights_digest
from documents.inference.session import OnnxModel

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# The share of the window that a query may take; the passage has the rest.
QUERY_SHARE = 0.5


class CrossEncoder(Protocol):
    """`fingerprint` is equal for equal weights in equal precision; it is part of cache keys."""

    fingerprint: str

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """A score for each text, higher is better; a long query is cut, then the passage."""

    def reads_whole(self, query: str) -> bool:
        """Whether the query fits without being cut."""


class QueryCutter:
    """Truncates a query to its share of the window."""

    def __init__(self, tokenizer: "Tokenizer", window: int) -> None:
        self._tokenizer = tokenizer
        self._most = int(window * QUERY_SHARE)

    def cut(self, query: str) -> str:
        spans = self._tokenizer.encode(query, add_special_tokens=False).offsets
        return query if len(spans) <= self._most else query[: spans[self._most - 1][1]]


class Int8CrossEncoder:
    """Runs a converted cross-encoder on all cores."""

    def __init__(self, artifact: ConvertedModel) -> None:
        from tokenizers import Tokenizer

        self.fingerprint = artifact.folder.name
        plain = Tokenizer.from_file(str(artifact.tokenizer))
        self._pairs = Tokenizer.from_file(str(artifact.tokenizer))
        self._pairs.enable_truncation(artifact.about["window"], strategy="only_second")
        self._cutter = QueryCutter(plain, artifact.about["window"])
        self._sigmoid = artifact.about["activation"] == "Sigmoid"
        self._model = OnnxModel(artifact.model)

    def reads_whole(self, query: str) -> bool:
        return self._cutter.cut(query) == query

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        if not texts:
            return []
        shown = self._cutter.cut(query)
        # The tokenizer raises an error if it has to truncate an empty passage.
        encodings = self._pairs.encode_batch([(shown, text or ".") for text in texts])
        logits = np.asarray([float(output[0]) for output in self._model.run(encodings)])
        return [float(s) for s in (1 / (1 + np.exp(-logits)) if self._sigmoid else logits)]


class TorchCrossEncoder:
    """A CrossEncoder of sentence-transformers, on a GPU if there is one."""

    def __init__(self, source: Path) -> None:
        from sentence_transformers import CrossEncoder
        from tokenizers import Tokenizer

        self.fingerprint = f"{weights_digest(source)}-cross-encoder-float32"
        self._model: Any = CrossEncoder(str(source), local_files_only=True)
        if self._model.num_labels != 1:
            outputs = int(self._model.num_labels)
            raise ModelUnavailable("cross_encoder_outputs", folder=str(source), outputs=outputs)
        plain = Tokenizer.from_str(self._model.tokenizer.backend_tokenizer.to_str())
        plain.no_truncation()
        plain.no_padding()
        self._cutter = QueryCutter(plain, min(int(self._model.max_seq_length or 512), 512))

    def reads_whole(self, query: str) -> bool:
        return self._cutter.cut(query) == query

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        if not texts:
            return []
        shown = self._cutter.cut(query)
        pairs = [(shown, text) for text in texts]
        return [float(score) for score in self._model.predict(pairs, show_progress_bar=False)]
