"""Offsets of tokens, and the positions where a text may be split."""

import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Ints = NDArray[np.int64]

# Characters tokenised at once: enough to be fast, and a book still needs little memory.
BLOCK = 20_000
# A token or a gap between tokens of more characters than this is counted as several. Models read
# an overlong word as one unknown token, however long it is.
LONG = 60
PIECE = 4
# The ambiguous characters below are what other languages end sentences with.
PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
SENTENCE = re.compile(r"""[.!?…][)\]"'”’»]*\s+|[。！？｡]+[」』）”]*\s*""")  # noqa: RUF001
LINE = re.compile(r"\n\s*")
SPACE = re.compile(r"\s+")
BORDERS = (PARAGRAPH, SENTENCE, LINE, SPACE)


class TokenOffsets:
    """The offsets of a text's tokens, and the positions where the text may be split."""

    def __init__(self, text: str, tokenizer: "Tokenizer") -> None:
        self.text = text
        blocks = list(_blocks(text))
        encoded = tokenizer.encode_batch(
            [text[start:end] for start, end in blocks], add_special_tokens=False
        )
        spans = [
            np.asarray(encoding.offsets, dtype=np.int64).reshape(-1, 2) + start
            for (start, _), encoding in zip(blocks, encoded, strict=True)
        ]
        self.starts = _split_long(np.concatenate(spans)[:, 0], len(text))
        self.borders = [_positions(pattern, text) for pattern in BORDERS]

    def at(self, position: int) -> int:
        """The number of tokens that start before `position`."""
        return int(np.searchsorted(self.starts, position))

    def between(self, start: int, end: int) -> float:
        """The number of tokens from `start` to `end`; infinite when either is inside a word."""
        around = self.text[max(start - 1, 0) : start] + self.text[end : end + 1]
        if around.strip():
            return math.inf
        return self.at(end) - self.at(start)

    def place(self, token: int, end: int) -> int:
        """The offset at which token number `token` starts, at most `end`."""
        return int(min(self.starts[token], end)) if token < len(self.starts) else end


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = min(start + BLOCK, len(text))
        if end < len(text):
            space = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
            end = space if space > start else end
        yield start, end
        start = end


def _split_long(starts: Ints, length: int) -> Ints:
    """Token starts, with extra ones inside long stretches without any."""
    starts = np.unique(np.concatenate([[0], starts]).astype(np.int64))
    gaps = np.diff(starts, append=length)
    extra = [
        np.arange(start + PIECE, start + gap, PIECE)
        for start, gap in zip(starts[gaps > LONG], gaps[gaps > LONG], strict=True)
    ]
    return np.unique(np.concatenate([starts, *extra])) if extra else starts


def _positions(pattern: re.Pattern[str], text: str) -> Ints:
    return np.fromiter((match.end() for match in pattern.finditer(text)), dtype=np.int64)
