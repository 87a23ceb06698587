"""How long a passage may be, and how much of it the next one may repeat: one rule for all."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

SHORTEST, LONGEST = 16, 8192


@dataclass(frozen=True)
class PassageSize:
    """Tokens of a passage, and how many of them two neighbours share."""

    tokens: int
    overlap: int

    def check(self) -> None:
        """Raises ValidationError, by the field of a collection that has to change.

        With more than half of a passage repeated, a text has many times as many passages.
        """
        if not SHORTEST <= self.tokens <= LONGEST:
            problem = f"A passage has between {SHORTEST} and {LONGEST} tokens."
            raise ValidationError({"chunk_tokens": problem})
        if not 0 <= self.overlap <= longest_overlap(self.tokens):
            problem = f"The overlap may be half a passage at most: {longest_overlap(self.tokens)}."
            raise ValidationError({"chunk_overlap": problem})


def longest_overlap(tokens: int) -> int:
    return tokens // 2
