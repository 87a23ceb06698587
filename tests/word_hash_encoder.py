"""A text encoder without a model: texts that share words lie near each other."""

import zlib
from collections.abc import Sequence
from functools import cache

import numpy as np
from tokenizers import Encoding, Tokenizer

from documents.embedding.registry import word_tokenizer
from documents.inference.encoder import EmbeddingSpec, EncodedPassage, TextKind, Vectors, unit_rows

DIMENSIONS = 384


class WordHashEncoder:
    """Takes the place of `open_encoder`. A word's hash seeds its vector; a text is the sum of its
    words, in which a long word counts more than a short one, since short ones say little."""

    window = 256
    device = "cpu"

    def __init__(self, name: str, path: str, *_: object) -> None:
        self.identity = EmbeddingSpec(
            name, f"{zlib.crc32(path.encode()):08x}", "sum", {}, DIMENSIONS
        )
        self.tokenizer: Tokenizer = word_tokenizer()

    def encode(self, texts: Sequence[str], kind: TextKind) -> Vectors:
        # A full stop more, so that an empty text has a direction, too.
        sums = [rows.sum(axis=0) + word_vector(".") for _, rows in self._words(texts)]
        return unit_rows(np.stack(sums))

    def encode_tokens(self, texts: Sequence[str]) -> list[EncodedPassage]:
        tokens = [rows for _, rows in self.read(texts)]
        return list(map(EncodedPassage, self.encode(texts, "passage"), tokens))

    def read(self, texts: Sequence[str]) -> list[tuple[Encoding, Vectors]]:
        return [(encoding, unit_rows(rows)) for encoding, rows in self._words(texts)]

    def lengths(self, texts: Sequence[str]) -> list[int]:
        return [len(encoding) for encoding in self.tokenizer.encode_batch_fast(list(texts))]

    def _words(self, texts: Sequence[str]) -> list[tuple[Encoding, Vectors]]:
        found = self.tokenizer.encode_batch(list(texts))
        spans = [[text[a:b] for a, b in e.offsets] for text, e in zip(texts, found, strict=True)]
        none = np.zeros((0, DIMENSIONS), np.float32)
        rows = [np.stack([*map(word_vector, words)]) if words else none for words in spans]
        return list(zip(found, rows, strict=True))


@cache
def word_vector(word: str) -> Vectors:
    random = np.random.default_rng(zlib.crc32(word.lower().encode()))
    return (len(word) * random.standard_normal(DIMENSIONS)).astype(np.float32)
