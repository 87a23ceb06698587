"""The input and the output of extraction. Offsets count Unicode code points of `text`."""

from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from documents.errors import Failure


@dataclass(frozen=True)
class SourceFile:
    """A file to read, with the name and the content type that its sender gave it."""

    path: Path
    name: str
    content_type: str = ""


@dataclass(frozen=True)
class Heading:
    """A title in the text, at `start`; level 1 is the highest."""

    start: int
    level: int
    title: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class ExtractedText:
    """A document's text; `pages` are the offsets at which pages start, empty if unknown."""

    text: str
    pages: list[int] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    content_type: str = "text/plain"
    type: str = "txt"
    title: str = ""
    content_date: date | None = None


@dataclass(frozen=True)
class ParsedFile:
    """What became of one file: its text, or why it has none."""

    text: ExtractedText | None = None
    failure: Failure | None = None
