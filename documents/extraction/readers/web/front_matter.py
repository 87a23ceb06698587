"""The metadata that a text begins with, between lines of `---` (YAML) or `+++` (TOML)."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from documents.extraction.dates import content_date
from documents.extraction.text_encoding import clean_text

BLOCK = re.compile(
    r"\ufeff?(?P<mark>---|\+\+\+)[ \t]*\r?\n(?P<body>.*?)^(?:(?P=mark)|\.\.\.)[ \t]*(?:\r?\n|\Z)",
    re.S | re.M,
)
LONGEST = 50_000
LONGEST_VALUE = 1000
MOST_VALUES = 50
DAYS = ("date", "published", "created", "pubdate", "updated", "lastmod")
NAMES = {"authors": "author", "keywords": "tags", "categories": "categories"}


@dataclass(frozen=True)
class FrontMatter:
    """What the block states; nothing where a text has none."""

    title: str = ""
    day: date | None = None
    metadata: dict[str, str | list[str]] = field(default_factory=dict)


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """The metadata, and the text after it. A block that is none stays a part of the text."""
    block = BLOCK.match(text)
    if not block or block.end() > LONGEST:
        return FrontMatter(), text
    stated = _parsed(block["mark"], block["body"])
    if not isinstance(stated, dict):
        return FrontMatter(), text
    values = {str(key).strip().lower(): _value(value) for key, value in stated.items()}
    title = values.pop("title", "")
    day = next((content_date({"created_at": str(values[k])}) for k in DAYS if values.get(k)), None)
    metadata = {NAMES.get(key, key)[:50]: value for key, value in values.items() if key and value}
    return FrontMatter(title if isinstance(title, str) else "", day, metadata), text[block.end() :]


def _parsed(mark: str, body: str) -> Any:
    if mark == "+++":
        import tomllib

        try:
            return tomllib.loads(body)
        except (ValueError, RecursionError):
            return None
    import yaml

    if re.search(r"(?m)^[^#\n'\"]*:\s*[&*]\w", body):  # references to itself can grow without end
        return None
    try:
        return yaml.safe_load(body)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _value(value: Any) -> str | list[str]:
    """A plain value or a list of them as text; of what is nested, nothing."""
    if isinstance(value, list):
        found = [_text(entry) for entry in value[:MOST_VALUES]]
        return [text for text in found if text]
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float | date | datetime):
        return " ".join(clean_text(str(value)).split())[:LONGEST_VALUE]
    return ""
