"""What a rich text states of itself."""

from collections.abc import Mapping
from datetime import date

from documents.extraction.readers.office.properties import Metadata, Properties


def rtf_properties(captured: Mapping[str, str]) -> Properties:
    """The properties of the destinations of `info`."""
    words = {name: " ".join(text.split()) for name, text in captured.items()}
    keywords = [word.strip() for word in words.get("keywords", "").split(",") if word.strip()]
    found: Metadata = {
        "author": words.get("author", ""),
        "subject": words.get("subject", ""),
        "description": words.get("doccomm", ""),
        "category": words.get("category", ""),
        "keywords": keywords,
    }
    kept = {name: value for name, value in found.items() if value}
    return Properties(words.get("title", ""), _day(words), kept)


def _day(words: Mapping[str, str]) -> date | None:
    try:
        return date(int(words["yr"]), int(words["mo"]), int(words["dy"]))
    except (KeyError, ValueError):
        return None
