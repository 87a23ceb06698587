"""What the detection of a format looks at."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from documents.extraction.text_encoding import decode_text

HEAD_BYTES = 64 * 1024


@dataclass(frozen=True)
class Probe:
    """The input of a detector: the first bytes of a file, and its path to read more.

    `content_type` is the one that the sender of the file states.
    """

    path: Path
    filename: str
    head: bytes
    content_type: str = ""

    @cached_property
    def text(self) -> str:
        """The first bytes as text, without a mark of byte order."""
        return decode_text(self.head).lstrip("\ufeff")

    @cached_property
    def suffix(self) -> str:
        return PurePosixPath(self.filename).suffix.lower()
